# SPDX-License-Identifier: Apache-2.0
"""The forms in which Helium computes a folded requantization, and their proofs.

Four lanes at once, saturating where the instructions do:

    pair   h = (acc * multiplier + unit * offset + 2^30) >> 31        VQRDMLADH, on the pairs (acc, unit), (multiplier, offset)
    moved  h = ((acc + bias) * multiplier + 2^30 >> 31) + offset      VADD, VQRDMULH, VADD, all lanes of one channel
           y = sat8((h + 2^(shift - 1)) >> shift)                     VQMOVN to 16 bits, VQRSHL, VQMOVN

GNU as 2.40 assembles VQSHRN as VQRSHRN, hence rounding shifts everywhere; their halves are in the offsets. One shift, and one
unit, for all channels of a layer; h has to fit through 16 bits, so the shift is at most 8. In the moved form `offset` holds
multiples of 2^31 only; the bias, a multiple of the multiplier modulo 2^31, makes the rest: found by search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from tinycc.numerics.fixedpoint import INT32_MAX, INT32_MIN
from tinycc.numerics.staircase import Bools, Ints, Staircase, common_shift, offsets, widest_multiplier

LARGEST_SHIFT = 8
_ROUND = np.int64(1) << 30
_FAR = np.int64(1) << 62
_TRIES = 4
"""Shifts to try, from the largest that the multipliers allow."""
_BLOCK = 1024
_BLOCKS = 256
"""How many biases are looked at, at a time and in all."""


@dataclass(frozen=True, eq=False)
class PairForm:
    """int64[C] each; `proved[c]`: the steps of channel c are the staircase's."""

    multiplier: Ints
    offset: Ints
    unit: int
    shift: int
    proved: Bools

    def __call__(self, acc: Ints) -> Ints:
        """Codes of int64[C, n]."""
        high = (acc * self.multiplier[:, None] + self.unit * self.offset[:, None] + _ROUND) >> 31
        return narrowed(np.clip(high, INT32_MIN, INT32_MAX), self.shift)


@dataclass(frozen=True, eq=False)
class MovedForm:
    """int64[C] each; `proved[c]`: the steps of channel c are the staircase's."""

    bias: Ints
    multiplier: Ints
    offset: Ints
    shift: int
    proved: Bools

    def __call__(self, acc: Ints) -> Ints:
        """Codes of int64[C, n]."""
        high = (((acc + self.bias[:, None]) * self.multiplier[:, None] + _ROUND) >> 31) + self.offset[:, None]
        return narrowed(high, self.shift)


def narrowed(high: Ints, shift: int) -> Ints:
    """int32 values to int8 by way of 16 bits, rounded."""
    half = (1 << shift) >> 1
    codes: Ints = np.clip((np.clip(high, -(1 << 15), (1 << 15) - 1) + half) >> shift, -128, 127)
    return codes


def pair_form(stairs: Staircase) -> PairForm:
    """Constants for all channels. Look at `proved`."""
    return _best(stairs, _pair)


def moved_form(stairs: Staircase) -> MovedForm:
    """Constants for all channels. Look at `proved`."""
    return _best(stairs, _moved)


Form = TypeVar("Form", PairForm, MovedForm)


def _best(stairs: Staircase, make: Callable[[Staircase, int], Form]) -> Form:
    """The first form that holds for all channels, from the largest shift down; else the one for the most."""
    single = replace(stairs, pivot=None)
    largest = min(common_shift(single) - 31, LARGEST_SHIFT)
    forms = []
    for shift in range(largest, max(largest - _TRIES, -1), -1):
        forms.append(make(single, shift))
        if forms[-1].proved.all():
            return forms[-1]
    return max(forms, key=lambda form: int(form.proved.sum())) if forms else make(single, 0)


def _room(stairs: Staircase, shift: int) -> tuple[Ints, Ints, Ints]:
    """(multiplier, smallest, largest sum of what is added to acc * multiplier before the shift by 31)."""
    multiplier = widest_multiplier(stairs, 31 + shift)
    (smallest, largest), _ = offsets(stairs, multiplier, 31 + shift)
    code = np.int64(1) << (31 + shift)
    rounding = _ROUND + ((code >> 1) if shift else 0)
    open_below, open_above = smallest == -_FAR, largest == _FAR
    lower = np.where(open_below, np.where(open_above, -code, largest - code), smallest)
    upper = np.where(open_above, np.where(open_below, code, smallest + code), largest)
    return multiplier, lower - rounding, upper - rounding


def _pair(stairs: Staircase, shift: int) -> PairForm:
    multiplier, smallest, largest = _room(stairs, shift)
    nearest = np.where((smallest <= 0) & (largest >= 0), 0, np.minimum(np.abs(smallest), np.abs(largest)))
    unit = 1 << max(int(nearest.max()).bit_length() - 31, 0)
    middle = (smallest + ((largest - smallest) >> 1)) // unit
    form = PairForm(multiplier, np.clip(middle, INT32_MIN, INT32_MAX), unit, shift, stairs.exact)
    return replace(form, proved=_proved(stairs, form))


def _moved(stairs: Staircase, shift: int) -> MovedForm:
    multiplier, smallest, largest = _room(stairs, shift)
    width = np.minimum(largest - smallest, (np.int64(1) << 31) - 1)
    bias, found = np.zeros_like(multiplier), np.zeros(len(multiplier), bool)
    for block in range(_BLOCKS):
        rows = np.flatnonzero(~found & (width >= 0))
        if not len(rows):
            break
        tries = np.arange(block * _BLOCK, (block + 1) * _BLOCK, dtype=np.int64)
        rest = (largest[rows, None] - tries * multiplier[rows, None]) & ((1 << 31) - 1)
        hit = rest <= width[rows, None]
        bias[rows] = tries[hit.argmax(1)]
        found[rows] = hit.any(1)
    offset = (largest - bias * multiplier) >> 31
    form = MovedForm(bias, multiplier, np.clip(offset, INT32_MIN, INT32_MAX), shift, stairs.exact)
    return replace(form, proved=_proved(stairs, form))


def _proved(stairs: Staircase, form: PairForm | MovedForm) -> Bools:
    """[C]: whether the form has exactly the steps of the staircase over its accumulators.

    Neither ever falls, so the accumulator of every step, the one before it and the ends are enough. In the moved form nothing
    may leave 32 bits, where lanes wrap.
    """
    low, high = stairs.low[:, None], stairs.high[:, None]
    at = np.clip(np.concatenate((stairs.thresholds, stairs.thresholds - 1, low, high), axis=1), low, high)
    held = (form.multiplier >= 0) & (form.multiplier <= INT32_MAX) & (low[:, 0] >= INT32_MIN) & (high[:, 0] <= INT32_MAX)
    if isinstance(form, MovedForm):
        ends = np.stack((stairs.low, stairs.high), 1) + form.bias[:, None]
        words = np.concatenate((ends, ((ends * form.multiplier[:, None] + _ROUND) >> 31) + form.offset[:, None]), axis=1)
        held &= (words.min(1) >= INT32_MIN) & (words.max(1) <= INT32_MAX)
    found: Bools = stairs.exact & held & (form(at) == stairs(at)).all(1)
    return found
