# SPDX-License-Identifier: Apache-2.0
"""Conditions of kernels at both sides of an edge, of things with the fields that they look at, and no more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from tinycc.kernels.base import Context
from tinycc.kernels.dsp import mean, pooling, tall, winograd
from tinycc.kernels.mve import recurrent16
from tinycc.kernels.portable import even, even_codes, paired, paired_any
from tinycc.numerics.rules import ORT, ORT_QLINEAR, ORT_QLINEAR_U8, Numerics
from tinycc.ops.elementwise.arithmetic import Add, Mul
from tinycc.target import TARGETS

BARE = Context(TARGETS["cortex-m4"])


def like(**fields: object) -> Any:
    return SimpleNamespace(**fields)


# -- two roundings on cores without SIMD ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("core", "long", "narrow", "both", "found"),
    [
        ("cortex-m0", True, False, True, "one rounding"),
        ("cortex-m0", False, True, True, None),
        ("cortex-m0", False, True, False, "a channel for which they are not"),
        ("cortex-m3", False, True, True, "one rounding"),
        ("cortex-m3", True, False, True, None),
        ("rv32imc", False, True, True, "one rounding"),
        ("rv32imc", True, False, True, None),
        ("rv32imc", True, False, False, "a channel for which they are not"),
    ],
)
def test_two_roundings(
    monkeypatch: pytest.MonkeyPatch, core: str, long: bool, narrow: bool, both: bool, found: str | None
) -> None:
    """Where one is enough, two are not looked at. `long`, `narrow`: that one is not enough, of the core's own codes."""
    monkeypatch.setattr(paired, "folds_long", lambda op, context: "not" if long else None)
    monkeypatch.setattr(paired, "folds", lambda op, context: "not" if narrow else None)
    monkeypatch.setattr(paired_any, "any_constants", lambda op: object() if both else None)
    assert paired_any.two_roundings(like(), Context(TARGETS[core])) == found


@pytest.mark.parametrize(
    ("any_core", "architecture", "even", "linear", "found"),
    [
        (False, object(), False, True, None),
        (False, object(), True, False, "none"),
        (True, object(), False, True, "tflm"),
        (False, None, False, True, "tflm"),
        (True, object(), True, True, None),
        (False, None, True, True, None),
        (False, None, True, False, "none"),
    ],
)
def test_sums_that_are_one_linear_form(
    monkeypatch: pytest.MonkeyPatch, any_core: bool, architecture: object, even: bool, linear: bool, found: str | None
) -> None:
    """Where no core is named, kernels of CMSIS-NN's arithmetic stay."""
    monkeypatch.setattr(even_codes, "rounds_to_even", lambda op, context: None if even else "tflm")
    monkeypatch.setattr(even_codes, "linear", lambda op: object() if linear else None)
    assert even_codes.line(like(), like(target=like(any_core=any_core, architecture=architecture))) == found


@pytest.mark.parametrize(
    ("numerics", "sums", "fused", "apart"),
    [
        (ORT_QLINEAR, True, True, False),
        (ORT_QLINEAR_U8, True, True, False),
        (ORT, True, False, True),
        (ORT_QLINEAR, False, True, True),
    ],
)
def test_sums_of_one_operator(numerics: Numerics, sums: bool, fused: bool, apart: bool) -> None:
    op: Any = Mock(spec=Add if sums else Mul, numerics=numerics)
    assert (even_codes.fused(op, BARE) is None) == fused
    assert (even_codes.not_fused(op, BARE) is None) == apart


# -- one requantization for all outputs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact", "scales", "rest", "multipliers", "found"),
    [
        (None, [0.5, 0.5], [0, 1], [7, 7], True),
        (None, [0.5, 0.25], [0, 0], [7, 7], False),
        (None, [0.5, 0.5], [0, 0], [7, 8], False),
        (object(), [0.5, 0.5], [3, 3], [7, 7], True),
        (object(), [0.5, 0.5], [3, 4], [7, 7], False),
    ],
)
def test_one_rule_for_all_channels(
    monkeypatch: pytest.MonkeyPatch, exact: object, scales: list[float], rest: list[int], multipliers: list[int], found: bool
) -> None:
    """What is left of exact products counts where there are any."""
    monkeypatch.setattr(even, "exact_channels", lambda op: np.zeros(2))
    monkeypatch.setattr(even, "multipliers_of", lambda op: multipliers)
    op = like(exact=exact, channels=2, real_scales=np.array(scales), rest_of_products=np.array(rest))
    assert even.rounds_alike(op) == found


@pytest.mark.parametrize(
    ("sums", "weights", "channels", "alike", "proved", "shift", "holds"),
    [
        (True, True, 2, True, True, 32, True),
        (False, True, 2, True, True, 32, False),
        (True, False, 2, True, True, 32, False),
        (True, True, 1, True, True, 32, False),
        (True, True, 2, False, True, 32, False),
        (True, True, 2, True, False, 32, False),
        (True, True, 2, True, True, 31, False),
        (True, True, 2, True, True, np.array([32, 33]), False),
    ],
)
def test_constants_of_all_outputs(
    monkeypatch: pytest.MonkeyPatch,
    sums: bool,
    weights: bool,
    channels: int,
    alike: bool,
    proved: bool,
    shift: Any,
    holds: bool,
) -> None:
    formula = like(proved=np.array([proved]), shift=shift)
    reached = like(low=np.array([-5, -9]), high=np.array([3, 4]))
    ends = []

    def steps(rule: object, low: Any, high: Any) -> Any:
        ends.append((int(low[0]), int(high[0])))
        return like(saturating=lambda: None)

    monkeypatch.setattr(even, "accumulators", lambda op: reached if sums else None)
    monkeypatch.setattr(even, "filters", lambda op: object() if weights else None)
    monkeypatch.setattr(even, "rounds_alike", lambda op: alike)
    monkeypatch.setattr(even, "rule_of", lambda op, channels: None)
    monkeypatch.setattr(even, "staircase", steps)
    monkeypatch.setattr(even, "fold", lambda stairs, two_sided: formula)
    assert (even.common.__wrapped__(like(channels=channels)) is formula) == holds  # type: ignore[attr-defined]
    assert set(ends) <= {(-9, 4)}


@pytest.mark.parametrize(("shared", "each", "found"), [(True, False, None), (False, True, None), (False, False, "not")])
def test_dense_layers_whose_codes_are_one_multiplication(
    monkeypatch: pytest.MonkeyPatch, shared: bool, each: bool, found: str | None
) -> None:
    monkeypatch.setattr(even, "common", lambda op: object() if shared else None)
    monkeypatch.setattr(even, "folds_long", lambda op, context: None if each else "not")
    assert even.folds_dense(like(), BARE) == found


# -- DSP, Helium ---------------------------------------------------------------------------------------------------------------


def loop(size: int, stride: int) -> Any:
    return like(size=size, strides=(stride,))


@pytest.mark.parametrize(
    ("loops", "found"),
    [
        ([loop(2, 5), loop(7, 0), loop(5, 1)], (2, 7, 5)),
        ([loop(7, 0), loop(5, 1)], (1, 7, 5)),
        ([loop(7, 0), loop(5, 2)], None),
        ([loop(7, 3), loop(5, 1)], None),
        ([loop(2, 6), loop(7, 0), loop(5, 1)], None),
        ([loop(5, 1)], None),
        ([loop(2, 5), loop(2, 5), loop(7, 0), loop(5, 1)], None),
    ],
)
def test_means_over_the_pixels_of_images(loops: list[Any], found: tuple[int, int, int] | None) -> None:
    assert mean.image_of(like(loops=loops)) == found


@pytest.mark.parametrize(("offset", "holds"), [(127, True), (128, False)])
def test_sums_of_pools_stay_below_32_bits(monkeypatch: pytest.MonkeyPatch, offset: int, holds: bool) -> None:
    """255 * 3 * 2,807,168 is 2**31 - 128."""
    folded = like(multiplier=np.array([2_807_168]), offset=np.array([offset]))
    monkeypatch.setattr(pooling, "single_product", lambda *numbers: None)
    monkeypatch.setattr(pooling, "staircase", lambda *numbers: None)
    monkeypatch.setattr(pooling, "fold", lambda stairs, shift, two_sided: folded)
    zero = like(zero_point=0, scale=1.0)
    op = like(x=zero, y=zero, range=like(min=-128, max=127), even=lambda count: None)
    assert bool(list(pooling.lines(op, 3))) == holds


@pytest.mark.parametrize(("seen", "holds"), [(tall.MAX_ROWS, True), (tall.MAX_ROWS + 1, False)])
def test_rows_that_four_windows_reach_over(monkeypatch: pytest.MonkeyPatch, seen: int, holds: bool) -> None:
    monkeypatch.setattr(tall, "windows_of", lambda op: like(y=(1, 4, 1, 2)))
    monkeypatch.setattr(tall, "tall_of", lambda op, context: like(seen=seen))
    assert (tall.four_rows(like(), BARE) is None) == holds


@pytest.mark.parametrize(("top", "bottom", "found"), [(0, 0, 0), (1, 0, 40), (0, 1, 40), (1, 1, 40)])
def test_a_row_of_zero_points_where_windows_leave_the_image(top: int, bottom: int, found: int) -> None:
    assert tall.Tall.outside.fget(like(of=like(row_bytes=40, window=like(padding=like(top=top, bottom=bottom))))) == found  # type: ignore[attr-defined]


@pytest.mark.parametrize("proved", [True, False])
def test_winograd_takes_what_is_proved(monkeypatch: pytest.MonkeyPatch, proved: bool) -> None:
    formula = like(proved=np.array([True, proved]))
    monkeypatch.setattr(winograd, "stairs_of", lambda op: like())
    monkeypatch.setattr(winograd, "fold_signed", lambda stairs, *numbers: formula)
    sums = winograd.sums.__wrapped__  # type: ignore[attr-defined]
    assert sums(like()) is (formula if proved else None)


@pytest.mark.parametrize(
    ("multipliers", "largest", "found"),
    [
        (object(), 2**31 - 1, None),
        (object(), 2**31, "2,147,483,648 at most"),
        (None, 1, "multipliers without one"),
    ],
)
def test_gates_with_one_multiplication(
    monkeypatch: pytest.MonkeyPatch, multipliers: object, largest: int, found: str | None
) -> None:
    of_x = like(multipliers=object(), largest=1)
    monkeypatch.setattr(recurrent16, "products", lambda op: (of_x, like(multipliers=multipliers, largest=largest)))
    assert recurrent16.one_multiplication(like(), BARE) == found
