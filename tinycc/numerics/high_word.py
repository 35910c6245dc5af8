# SPDX-License-Identifier: Apache-2.0
"""Staircases as one multiplication of which only the high word is kept: two instructions on a Cortex-M4.

    y = SAT((((v * multiplier) >> 32) + addend) >> shift)        v = (acc + start) << scaling        SMMLA, SSAT

`start` is a small integer in the start value of the accumulator, where it costs nothing: it supplies the fraction of the
offset that the addend, which counts whole high words, cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinycc.numerics.staircase import FREE, Folded, Staircase, nominal_multiplier, offsets, proved, widest_multiplier

Ints = NDArray[Any]
Bools = NDArray[Any]

STARTS = 1 << 16
"""Start values that are tried."""
_BLOCK = 1 << 10
_PER_CHANNEL = ("start", "multiplier", "addend", "below", "shift", "proved")


@dataclass(frozen=True, eq=False)
class HighWord:
    """y = SAT((((v * multiplier) >> 32) + addend + (v < 0 ? below : 0)) >> shift), v = (times * acc + start) << scaling.

    Everything per channel, int64 that hold int32, but for `times`, and for `scaling` where all have one. `proved[c]`: the steps
    of channel c are the staircase's, and no intermediate leaves int32.
    """

    start: Ints
    multiplier: Ints
    addend: Ints
    below: Ints
    shift: Ints
    scaling: int | Ints
    min: int
    max: int
    proved: Bools
    times: int = 1

    def __getitem__(self, channels: slice) -> HighWord:
        scaling = self.scaling if isinstance(self.scaling, int) else self.scaling[channels]
        return replace(self, scaling=scaling, **{name: getattr(self, name)[channels] for name in _PER_CHANNEL})

    @property
    def as_folded(self) -> Folded:
        """The same formula by one product of 64 bits."""
        bits = 32 - self.scaling
        offset = (self.addend << bits) + self.start * self.multiplier
        below = offset + (self.below << bits)
        pivot = -(self.start // self.times)
        return Folded(self.times * self.multiplier, offset, below, pivot, self.shift + bits, self.min, self.max, self.proved)

    def __call__(self, acc: Ints) -> Ints:
        """As the instructions compute it, for int64[C, n]."""
        value = (self.times * acc + self.start[:, None]) << np.reshape(self.scaling, (-1, 1))
        addend = self.addend[:, None] + np.where(value < 0, self.below[:, None], 0)
        codes: Ints = np.clip((((value * self.multiplier[:, None]) >> 32) + addend) >> self.shift[:, None], self.min, self.max)
        return codes


def fold_high(stairs: Staircase, shift: int | Ints, scaling: int, starts: int = STARTS, times: int = 1) -> HighWord:
    """Constants on one side, `below` being 0. Look at `proved`. `starts`: how many start values may be tried."""
    bits, shift = 32 - scaling, np.broadcast_to(shift, stairs.low.shape)
    one_sided = replace(stairs, pivot=None)
    multiplier = widest_multiplier(one_sided, shift + bits, times * ((1 << 31) - 1)) // times
    (smallest, largest), _ = offsets(one_sided, times * multiplier, shift + bits)
    step = np.int64(1) << (shift + bits - 1)
    smallest = np.maximum(smallest, largest - step)
    largest = np.minimum(largest, smallest + step)
    start, addend, found = _search(multiplier, smallest, largest, bits, starts)
    none = np.zeros_like(start)
    return checked(stairs, HighWord(start, multiplier, addend, none, shift, scaling, stairs.min, stairs.max, found, times))


def fold_signed(stairs: Staircase, scaling: int, times: int = 1, common: int | None = None) -> HighWord:
    """Constants for results of any sign, with a shift for each channel, the largest whose multiplier fits (what TFLM's double
    rounding always has), or with the shift `common`. v has the sign by which the rule rounds; where sums come out several
    times, its fraction is free. Where that is not enough, but one side is, as `fold_high`."""
    bits = 32 - scaling
    with np.errstate(divide="ignore"):
        shift = 30 - bits - np.floor(np.log2(np.where(stairs.live, stairs.scale, 1.0))).astype(np.int64)
    shift = np.clip(shift, 0, 31 - (scaling > 0)) if common is None else np.full_like(shift, common)
    first = np.zeros_like(stairs.low) if stairs.pivot is None else -times * stairs.pivot
    largest = times * ((1 << 31) - 1)
    wanted = nominal_multiplier(stairs, shift + bits, largest), widest_multiplier(stairs, shift + bits, largest)
    found = None
    for start, whole in ((first + fraction, multiplier) for fraction in range(times) for multiplier in wanted):
        multiplier = whole // times
        sides = offsets(stairs, times * multiplier, shift + bits)
        above, below = (_whole(side, start * multiplier, bits) for side in sides)
        below = np.where((sides[1][0] == -FREE) & (sides[1][1] == FREE), above, below)  # nothing but the lowest code there
        constants = start, multiplier, above, below - above, shift
        formula = HighWord(*constants, scaling, stairs.min, stairs.max, stairs.exact, times)
        found = _better(found, checked(stairs, formula))
        if found.proved.all():
            return found
    assert found is not None
    return _better(found, fold_high(stairs, shift, scaling, times=times))


def _whole(interval: tuple[Ints, Ints], moved: Ints, bits: int) -> Ints:
    """A number of high words that lies, with `moved` added, in an interval, if there is one."""
    smallest, largest = interval
    limits = -(1 << 31), (1 << 31) - 1
    low = np.clip(-((moved - smallest) >> bits), *limits)
    high = np.clip((largest - moved) >> bits, *limits)
    free_low, free_high = smallest == -FREE, largest == FREE
    low, high = np.where(free_low, high, low), np.where(free_high, low, high)
    whole: Ints = np.where(free_low & free_high, 0, (low + high) >> 1)
    return whole


def checked(stairs: Staircase, formula: HighWord) -> HighWord:
    """With `proved` as it is: of `proved`, the channels of which that holds."""
    low, high = (formula.times * end + formula.start for end in (stairs.low, stairs.high))
    value = np.maximum(np.abs(low), np.abs(high)) << formula.scaling
    addends = np.maximum(np.abs(formula.addend), np.abs(formula.addend + formula.below))
    held = (value < 1 << 31) & (addends + ((value * formula.multiplier) >> 32) < (1 << 31) - 1)
    held &= np.abs(formula.below) < (1 << 31)
    return replace(formula, proved=formula.proved & held & proved(stairs, formula.as_folded, formula.times << 31))


def _better(one: HighWord | None, other: HighWord) -> HighWord:
    """The first of two formulas that is proved, per channel."""
    if one is None:
        return other
    picked = {name: np.where(one.proved, getattr(one, name), getattr(other, name)) for name in _PER_CHANNEL}
    return replace(other, **picked)


def _search(multiplier: Ints, smallest: Ints, largest: Ints, bits: int, starts: int) -> tuple[Ints, Ints, Bools]:
    """(start, addend, found): smallest <= (addend << bits) + start * multiplier <= largest."""
    start, addend = np.zeros_like(multiplier), largest >> bits
    found = (addend << bits) >= smallest
    for first in range(0, starts, _BLOCK):
        rows = np.flatnonzero(~found & (smallest <= largest))
        if not len(rows):
            break
        tried = np.arange(first, first + _BLOCK)
        offset = largest[rows, None] - tried * multiplier[rows, None]
        fits = ((offset >> bits) << bits) >= offset - (largest - smallest)[rows, None]
        hit, at = fits.any(1), fits.argmax(1)
        start[rows] = np.where(hit, tried[at], 0)
        addend[rows] = np.where(hit, offset[np.arange(len(rows)), at] >> bits, addend[rows])
        found[rows] = hit
    return start, addend, found
