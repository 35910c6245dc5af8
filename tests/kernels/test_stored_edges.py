# SPDX-License-Identifier: Apache-2.0
"""Which constants are stored in fewer bytes on cores without SIMD, at both sides of the edges."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tinycc.kernels.stored import nominal, scalar
from tinycc.kernels.stored.nominal import Constants
from tinycc.numerics.two_products import SPLITS


def constants(channels: int) -> Constants:
    return Constants(*(np.zeros(channels, np.int64) for _ in range(3)))


@pytest.mark.parametrize(
    ("others", "right", "found"),
    [(None, True, None), (0, True, 0), (0, False, 0), (1, True, 1), (2, True, 2), (2, False, None), (3, True, None)],
)
def test_one_channel_in_four_may_have_others(
    monkeypatch: pytest.MonkeyPatch, others: int | None, right: bool, found: int | None
) -> None:
    """Of eight; where these are proved, too."""
    nearest = None if others is None else (constants(8), np.arange(8) >= others)
    monkeypatch.setattr(scalar, "nearest_constants", lambda op, form: nearest)
    monkeypatch.setattr(scalar, "stairs_of", lambda op: SimpleNamespace(of=lambda channels: channels))

    def columns(channels: Any, shift: int) -> Any:
        return np.zeros((len(channels), 3), np.int64), np.asarray([True] * (len(channels) - 1) + [right])

    op: Any = SimpleNamespace(channels=8)
    form: Any = None
    packed = scalar.packed(op, form, 5, columns)
    assert (None if packed is None else len(packed.others)) == found


@pytest.mark.parametrize(
    ("others", "taken", "tried"),
    [
        ((), None, len(SPLITS)),
        ((0, 0), 0, 1),
        ((2, 0, 1), 1, 2),
        ((None, 2, 1), 2, len(SPLITS)),
        ((None, 1, 1, 2), 1, len(SPLITS)),
        ((2, None, 1), 2, len(SPLITS)),
    ],
)
def test_the_split_with_the_fewest_others(
    monkeypatch: pytest.MonkeyPatch, others: tuple[int | None, ...], taken: int | None, tried: int
) -> None:
    """The first of those with as few; none is looked for beyond one without others."""
    asked = []

    def packed(op: object, form: object, split: int, columns: object) -> scalar.Packed | None:
        index = SPLITS.index(split)
        asked.append(split)
        count = others[index] if index < len(others) else None
        return None if count is None else scalar.Packed(constants(8), split, np.zeros((count, 4), np.uint32))

    monkeypatch.setattr(scalar, "packed", packed)
    monkeypatch.setattr(scalar, "rounds_twice", lambda op: True)
    found = scalar.halved.__wrapped__(SimpleNamespace())  # type: ignore[attr-defined]
    assert (None if found is None else SPLITS.index(found.shift)) == taken
    assert len(asked) == tried


@pytest.mark.parametrize(
    ("once", "count"), [(True, len(nominal.NEIGHBOURS) + len(nominal.FARTHER)), (False, len(nominal.NEIGHBOURS))]
)
def test_multipliers_that_are_tried(once: bool, count: int) -> None:
    """Farther ones where sums are rounded once; then two for channels whose code is always the same."""
    form = nominal.Form(lambda stairs, *constants: np.zeros(8, np.bool_), 1, 24, once=once)
    assert len(list(nominal._candidates(constants(8), form))) == count + 2
