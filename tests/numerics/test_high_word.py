# SPDX-License-Identifier: Apache-2.0
"""Formulas that keep the high word of one product, against the rules that they replace."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_staircase import KINDS, SCALES, SPAN, every, rule

from tinycc.numerics.high_word import HighWord, fold_high, fold_signed
from tinycc.numerics.staircase import reach, staircase

BITS = (1 << 31) - 1


def checked(formula: HighWord, acc: np.ndarray, expected: np.ndarray) -> None:
    """`proved` says what is so, and nothing leaves 32 bits where it is."""
    right = (formula(acc) == expected).all(1)
    assert (right | ~formula.proved).all()
    value = (formula.times * acc + formula.start[:, None]) << formula.scaling
    assert (np.abs(value).max(1) <= BITS)[formula.proved].all()
    for constants in (formula.start, formula.multiplier, formula.addend, formula.addend + formula.below):
        assert (np.abs(constants) <= BITS)[formula.proved].all()


@settings(max_examples=150, deadline=None)
@given(st.data(), KINDS, st.lists(SCALES, min_size=1, max_size=4), st.integers(-128, 127), st.booleans(), st.integers(0, 8))
def test_what_is_proved_is_the_rule(
    data: st.DataObject, kind: str, scales: list[float], zero: int, relu: bool, scaling: int
) -> None:
    bounds = (max(zero, -128), data.draw(st.integers(zero, 127))) if relu else (-128, 127)
    used = rule(kind, scales, zero, *bounds)
    middle = np.asarray(data.draw(st.lists(st.integers(-SPAN, SPAN), min_size=len(scales), max_size=len(scales))))
    width = np.asarray(data.draw(st.lists(st.integers(0, SPAN), min_size=len(scales), max_size=len(scales))))
    bias = np.asarray(data.draw(st.lists(st.integers(-SPAN, SPAN), min_size=len(scales), max_size=len(scales))))
    low, high = middle - width // 2, middle + width // 2
    stairs = staircase(used, low, high).after(bias).saturating()
    acc = every(low, high)
    expected = used.codes(acc)
    shift, times = data.draw(st.integers(0, 14)), data.draw(st.sampled_from([1, 9]))
    for formula in (fold_high(stairs, shift, scaling, starts=4096, times=times), fold_signed(stairs, scaling, times)):
        checked(formula, acc - bias[:, None], expected)


@pytest.mark.parametrize("zero_point", [-128, -5, 127])
def test_channels_like_those_of_real_layers(zero_point: int) -> None:
    """Results of any sign always have constants, fused ReLU nearly always with one shift for all."""
    rng = np.random.default_rng(zero_point & 0xFF)
    weights = rng.integers(-127, 128, (128, 64))
    bias = rng.integers(-20000, 20000, 128)
    low, high = reach(weights)
    used = rule("double", list(10 ** rng.uniform(-3, -2, 128)), zero_point, -128, 127)
    stairs = staircase(used, low + bias, high + bias).after(bias)
    assert fold_signed(stairs, 8).proved.all()
    if zero_point == -128:
        assert fold_high(stairs, 12, 8).proved.all()


def test_sums_that_come_out_several_times_have_start_values_to_choose_from() -> None:
    """The fraction of the offset that nine of them give is not always enough; nothing depends on the sign of a sum."""
    rng = np.random.default_rng(3)
    used = rule("float32", list(10 ** rng.uniform(-3, -2, 64)), -128, -128, 127)
    low, high = reach(rng.integers(-127, 128, (64, 64)))
    formula = fold_signed(staircase(used, low, high).saturating(), 6, 9, 15)
    assert (formula.start >= 9)[formula.proved].any()


def test_a_constant_that_is_off_is_noticed() -> None:
    used = rule("double", [0.004, 0.01], -128, -128, 127)
    stairs = staircase(used, np.full(2, -100_000), np.full(2, 100_000))
    formula = fold_high(stairs, 12, 8)
    assert formula.proved.all()
    acc = every(stairs.low, stairs.high)
    wrong = replace(formula, addend=formula.addend + np.asarray([1 << 12, 0]))
    assert (wrong(acc) == used.codes(acc)).all(1).tolist() == [False, True]


def test_sums_beyond_32_bits_are_not_proved() -> None:
    used = rule("double", [0.001, 0.001], -128, -128, 127)
    stairs = staircase(used, np.asarray([-(2**23), -1000]), np.asarray([2**23, 1000]))
    assert fold_high(stairs, 12, 8).proved.tolist() == [False, True]
    assert fold_signed(stairs, 8).proved.tolist() == [False, True]
