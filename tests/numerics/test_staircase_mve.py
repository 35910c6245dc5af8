# SPDX-License-Identifier: Apache-2.0
"""The forms of Helium's folded requantizations against the rules that they replace, over every accumulator that can occur."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinycc.numerics.fixedpoint import quantize_multiplier
from tinycc.numerics.staircase import Rule, Staircase, double_rounding, real_scale, single_rounding, staircase
from tinycc.numerics.staircase_mve import LARGEST_SHIFT, MovedForm, PairForm, moved_form, pair_form

SPAN = 6000
FORMS = {"pair": pair_form, "moved": moved_form}


def rule(kind: str, scales: list[float], zero_point: int, low: int, high: int) -> Rule:
    if kind == "float32":
        return real_scale(np.asarray(scales, np.float32), zero_point, low, high, ties_to_even=True)
    entries = [quantize_multiplier(scale) for scale in scales]
    return (double_rounding if kind == "double" else single_rounding)(entries, zero_point, low, high)


def every(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """[C, n]: all accumulators of every channel, the last repeated."""
    steps = np.arange(int((high - low).max()) + 1)
    return np.minimum(low[:, None] + steps, high[:, None])


def in_words(form: PairForm | MovedForm, acc: np.ndarray) -> np.ndarray:
    """The formula as the instructions compute it: in 32-bit lanes, that saturate (pair) or must not wrap (moved)."""
    if isinstance(form, PairForm):
        high = (acc * form.multiplier[:, None] * 2 + form.offset[:, None] * form.unit * 2 + (1 << 31)) >> 32
        high = np.clip(high, -(1 << 31), (1 << 31) - 1)
        assert abs(form.offset).max() <= 1 << 31
    else:
        moved = acc + form.bias[:, None]
        high = ((moved * form.multiplier[:, None] * 2 + (1 << 31)) >> 32) + form.offset[:, None]
        words = np.concatenate((moved, high), axis=1)[form.proved]
        assert (words == words.astype(np.int32)).all()
    half = np.clip(high, -(1 << 15), (1 << 15) - 1)
    return np.clip((half + (1 << form.shift >> 1)) >> form.shift, -128, 127)


SCALES = st.one_of(
    st.floats(1e-5, 0.99),
    st.integers(-16, -1).map(lambda e: 2.0**e),  # ties
    st.tuples(st.integers(1, 64), st.integers(-16, -7)).map(lambda pair: pair[0] * 2.0 ** pair[1]),
)


@settings(max_examples=150, deadline=None)
@given(
    st.data(),
    st.sampled_from(sorted(FORMS)),
    st.sampled_from(["double", "single", "float32"]),
    st.lists(SCALES, min_size=1, max_size=4),
    st.integers(-128, 127),
)
def test_what_is_proved_is_right(data: st.DataObject, form: str, kind: str, scales: list[float], zero_point: int) -> None:
    used = rule(kind, scales, zero_point, -128, 127)
    middle = np.asarray(data.draw(st.lists(st.integers(-SPAN, SPAN), min_size=len(scales), max_size=len(scales))))
    width = np.asarray(data.draw(st.lists(st.integers(0, SPAN), min_size=len(scales), max_size=len(scales))))
    stairs = staircase(used, middle - width // 2, middle + width // 2)
    found = FORMS[form](stairs)
    acc = every(stairs.low, stairs.high)
    assert 0 <= found.shift <= LARGEST_SHIFT
    right = (in_words(found, acc) == used.codes(acc)).all(1)
    assert right[found.proved].all()
    assert (found(acc) == in_words(found, acc))[found.proved].all()


def layer(rng: np.random.Generator, channels: int) -> Staircase:
    """A layer with a fused ReLU as training leaves it: outputs use most of the codes."""
    weights = np.clip(np.rint(rng.normal(0, 30, (channels, 64))), -127, 127).astype(np.int64)
    largest = np.abs(weights).sum(1) * 127
    scales = 255 * rng.uniform(1, 3, channels) / largest * 2.0 ** rng.integers(0, 3, channels)
    bias = rng.integers(-largest // 8, largest // 8)
    used = double_rounding([quantize_multiplier(scale) for scale in scales.tolist()], -128, -128, 127)
    return staircase(used, bias - largest, bias + largest).after(bias)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_layers_with_a_relu_fold(form: str) -> None:
    rng = np.random.default_rng(5)
    proved = [FORMS[form](layer(rng, 64)).proved for _ in range(8)]
    assert np.mean(proved) > 0.99
    assert sum(all(channels) for channels in proved) >= 6


@pytest.mark.parametrize("form", sorted(FORMS))
def test_results_of_any_sign_do_not_fold(form: str) -> None:
    """Ties below zero go the other way: the steps lie on two lines."""
    entries = [quantize_multiplier(scale) for scale in (0.0123, 0.0311)]
    stairs = staircase(double_rounding(entries, 0, -128, 127), np.full(2, -20000), np.full(2, 20000))
    assert not FORMS[form](stairs).proved.any()


def test_a_channel_that_cannot_vary_folds() -> None:
    entries = [quantize_multiplier(scale) for scale in (1e-9, 0.01, 0.0, 0.01)]
    low, high = np.array([-30000, 5_000_000, -3000, 7]), np.array([30000, 5_100_000, 3000, 7])
    stairs = staircase(double_rounding(entries, 3, -128, 127), low, high)
    for form in (pair_form(stairs), moved_form(stairs)):
        assert form.proved.all()
        assert (form(every(low, high)) == stairs(every(low, high))).all()
