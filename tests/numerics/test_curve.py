# SPDX-License-Identifier: Apache-2.0
"""Curves by pieces, against the functions that they are of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tinycc.numerics.curve import MOST_BYTES, SLACK, Curve, curve

CODES = np.arange(-(2**15), 2**15)
FUNCTIONS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], float, float, int]] = {
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), 2**-12, 2**-16, -(2**15)),
    "swish": (lambda x: x / (1 + np.exp(-x)), 2**-12, 2**-13, -(2**14)),
    "a corner": (lambda x: np.maximum(x, 0.1234567 * x), 2**-12, 2**-12, 100),
    "steps": (np.floor, 2**-12, 2**-12, 0),
    "a pole": (lambda x: 1 / x, 2**-12, 2**-12, 0),
    "a root": (lambda x: np.sqrt(np.abs(x)), 2**-12, 2**-13, 7),
    "a constant": (lambda x: 0 * x, 2**-12, 1.0, -5),
}


def made(real: np.ndarray, low: int = -(2**15), high: int = 2**15 - 1) -> Curve | None:
    """The curve, which must have every code."""
    codes = np.clip(np.rint(real), low, high).astype(np.int64)
    found = curve(real, codes, low, high)
    if found is not None:
        assert (found(CODES + 2**15) == codes).all()
        assert (np.abs(found.terms) < 2**31).all()
        assert found.bytes <= MOST_BYTES
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_code_is_that_of_the_function(name: str) -> None:
    """Those that move lie near the middle between two."""
    function, scale, y_scale, zero_point = FUNCTIONS[name]
    with np.errstate(divide="ignore"):
        real = np.asarray(function(CODES * scale)) / y_scale + zero_point
    found = made(real)
    assert found is not None
    near = np.abs(real[found.moved] % 1 - 0.5)
    assert near.max(initial=0) < 2 * SLACK
    assert len(near) < 900


def test_corners_and_tails_cost_one_piece_each() -> None:
    found = made(np.maximum(CODES / 3, 0.0), -100, 900)
    assert found is not None
    assert len(found.starts) <= 4


def test_what_bends_too_often_has_none() -> None:
    assert made(2.0**14 * np.sin(CODES / 50)) is None
