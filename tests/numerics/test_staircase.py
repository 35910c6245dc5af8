# SPDX-License-Identifier: Apache-2.0
"""Folded requantizations against the rules that they replace, over every accumulator that can occur."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier
from tinycc.numerics.staircase import (
    Folded,
    Rule,
    double_rounding,
    even_rounding,
    fold,
    proved,
    reach,
    real_scale,
    single_rounding,
    staircase,
)

SPAN = 6000


def rule(kind: str, scales: list[float], zero_point: int, low: int, high: int) -> Rule:
    if kind == "float32":
        return real_scale(np.asarray(scales, np.float32), zero_point, low, high, ties_to_even=True)
    if kind == "float64":
        return real_scale(np.asarray(scales, np.float64), zero_point, low, high, ties_to_even=False)
    entries = [quantize_multiplier(scale) for scale in scales]
    rules = {"double": double_rounding, "single": single_rounding, "even": even_rounding}
    return rules[kind](entries, zero_point, low, high)


def every(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """[C, n]: all accumulators of every channel, the last repeated."""
    steps = np.arange(int((high - low).max()) + 1)
    return np.minimum(low[:, None] + steps, high[:, None])


def row(folded: Folded, channel: int) -> Folded:
    """The formula of one channel."""
    columns = ("multiplier", "offset", "below", "pivot", "proved")
    return replace(folded, **{name: getattr(folded, name)[channel : channel + 1] for name in columns})


SCALES = st.one_of(
    st.floats(1e-5, 3.0),
    st.integers(-16, 1).map(lambda e: 2.0**e),  # ties
    st.tuples(st.integers(1, 64), st.integers(-16, -4)).map(lambda pair: pair[0] * 2.0 ** pair[1]),
)
KINDS = st.sampled_from(["double", "single", "even", "float32", "float64"])


@settings(max_examples=150, deadline=None)
@given(st.data(), KINDS, st.lists(SCALES, min_size=1, max_size=4), st.integers(-128, 127), st.booleans())
def test_thresholds_and_folds_are_the_rule(data: st.DataObject, kind: str, scales: list[float], zero: int, relu: bool) -> None:
    bounds = (max(zero, -128), data.draw(st.integers(zero, 127))) if relu else (-128, 127)
    used = rule(kind, scales, zero, *bounds)
    middle = np.asarray(data.draw(st.lists(st.integers(-SPAN, SPAN), min_size=len(scales), max_size=len(scales))))
    width = np.asarray(data.draw(st.lists(st.integers(0, SPAN), min_size=len(scales), max_size=len(scales))))
    low, high = middle - width // 2, middle + width // 2
    stairs = staircase(used, low, high)
    acc = every(low, high)
    expected = used.codes(acc)
    assert (stairs(acc) == expected).all()

    folded = fold(stairs)
    right = (folded(acc) == expected).all(1)
    assert (folded.proved == right).all()

    moved, bias = fold(stairs.after(low)), low
    assert (moved(acc - bias[:, None]) == expected)[moved.proved].all()


@pytest.mark.parametrize("zero_point", [-128, -5, 127])
@pytest.mark.parametrize("kind", ["double", "single", "float32", "float64"])
def test_channels_like_those_of_real_layers_fold(kind: str, zero_point: int) -> None:
    rng = np.random.default_rng(zero_point & 0xFF)
    weights = rng.integers(-127, 128, (200, 64))
    low, high = reach(weights)
    scales = list(10 ** rng.uniform(-4, -2.5, 200))
    used = rule(kind, scales, zero_point, -128, 127)
    folded = fold(staircase(used, low, high))
    assert folded.proved.mean() > (0.4 if kind == "float32" else 0.97)
    if kind == "double":  # ties below zero go the other way; with these zero points no step is on the one side, or the other
        assert folded.two_sided == (zero_point == -5)
    for channel in range(0, 200, 23):
        acc = np.arange(low[channel], high[channel] + 1)[None]
        alone = rule(kind, scales[channel : channel + 1], zero_point, -128, 127)
        assert (row(folded, channel)(acc) == alone.codes(acc)).all() == folded.proved[channel]


def test_the_proof_sees_a_single_step_that_is_off() -> None:
    used = rule("double", [0.004, 0.01, 0.02], -128, -128, 127)
    stairs = staircase(used, np.full(3, -100_000), np.full(3, 100_000))
    folded = fold(stairs)
    assert folded.proved.all()
    for step in (0, 100, 254):
        moved = stairs.thresholds.copy()
        moved[1, step] += 1
        assert proved(replace(stairs, thresholds=moved), folded).tolist() == [True, False, True]
    assert not proved(stairs, replace(folded, offset=folded.offset + (1 << folded.shift), below=folded.below)).any()
    assert not proved(stairs, replace(folded, multiplier=folded.multiplier + (1 << 31))).any()


def test_accumulators_that_wrap_around_have_no_staircase() -> None:
    used = double_rounding([Multiplier(1 << 30, 5), Multiplier(1 << 30, 0)], 0, -128, 127)
    stairs = staircase(used, np.full(2, -(2**27)), np.full(2, 2**27))
    assert stairs.exact.tolist() == [False, True]
    assert not fold(stairs).proved[0]


def test_constant_channels_and_a_scale_of_zero() -> None:
    entries = [Multiplier(0, 0), Multiplier((1 << 31) - 1, 0), quantize_multiplier(0.01)]
    used = double_rounding(entries, 7, -128, 127)
    stairs = staircase(used, np.asarray([-1000, 5000, -1000]), np.asarray([1000, 6000, 1000]))
    assert stairs.live.tolist() == [False, False, True]
    folded = fold(stairs)
    assert folded.proved.all()
    assert folded(np.asarray([[0], [5500], [0]])).ravel().tolist() == [7, 127, 7]


def test_reach_is_met_by_the_extremes() -> None:
    weights = np.asarray([[1, -2, 0], [3, 4, -128]])
    low, high = reach(weights)
    assert low.tolist() == [-128 - 254, -7 * 128 - 128 * 127]
    assert high.tolist() == [127 + 256, 7 * 127 + 128 * 128]
    assert [int(bound[0]) for bound in reach(weights[:1], np.asarray([0, 0, 0]), np.asarray([1, 1, 1]))] == [-2, 1]
