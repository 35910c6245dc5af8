# SPDX-License-Identifier: Apache-2.0
"""A requantization is a staircase, and any formula with the same steps is the same function.

An output channel maps an integer accumulator to one of at most 256 codes, and never maps a larger accumulator to a smaller
code. Such a map is fully told by its thresholds: for every code the smallest accumulator that reaches it. Bias, offsets,
multiplier, every rounding, zero point and clamp are in there. So the compiler looks for the cheapest formula whose thresholds
are the same over the accumulators that the channel can reach at all, and `proved` compares them step by step.

    rule -> staircase(rule, low, high) -> fold(stairs) -> y = clamp((acc * multiplier + offset) >> shift, min, max)

Arrays have one row per channel; thresholds one column per step. Everything is int64.

Long, as it is one theory: rules, their steps, the formulas that are looked for, and what proves them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinycc.numerics.fixedpoint import Multiplier, requantize, requantize_even, requantize_single

Ints = NDArray[Any]
Reals = NDArray[Any]
Bools = NDArray[Any]

FREE = np.int64(1 << 62)
"""The bound of an offset that nothing bounds; the lower one negative."""


@dataclass(frozen=True, eq=False)
class Rule:
    """How accumulators become codes, by whatever arithmetic: `codes` maps int64[C, n] to codes in [min, max], along a row never
    downwards while |acc| <= limit. `scale`: codes per unit of the accumulator, about. `signed`: sums below zero are rounded
    by a rule of their own (ties away from zero, say), so that the steps below and above zero need not lie on one line."""

    codes: Callable[[Ints], Ints]
    scale: Reals
    zero_point: int
    min: int
    max: int
    limit: Ints
    signed: bool

    @property
    def channels(self) -> int:
        return len(self.scale)


def double_rounding(multipliers: Sequence[Multiplier], zero_point: int, low: int, high: int) -> Rule:
    """TensorFlow Lite Micro's and CMSIS-NN's (`fixedpoint.requantize`), clamped to [low, high]."""
    multiplier, shift = _columns(multipliers)

    def codes(acc: Ints) -> Ints:
        codes: Ints = np.clip(requantize(acc, multiplier, shift) + zero_point, low, high)
        return codes

    limit = np.int64((1 << 31) - 1) >> np.maximum(shift[:, 0], 0)
    return Rule(codes, _scales(multipliers), zero_point, low, high, limit, signed=True)


def single_rounding(multipliers: Sequence[Multiplier], zero_point: int, low: int, high: int) -> Rule:
    """The exact product with the fixed-point multiplier, rounded once, ties towards plus infinity (TFLite's builds with
    `TFLITE_SINGLE_ROUNDING`)."""
    multiplier, shift = _columns(multipliers)
    right = np.int64(31) - shift

    def codes(acc: Ints) -> Ints:
        rounded = (acc * multiplier + (np.int64(1) << (right - 1))) >> right
        codes: Ints = np.clip(rounded + zero_point, low, high)
        return codes

    limit = np.full(len(multipliers), (1 << 31) - 1, np.int64)
    return Rule(codes, _scales(multipliers), zero_point, low, high, limit, signed=False)


def even_rounding(multipliers: Sequence[Multiplier], zero_point: int, low: int, high: int, rest: Ints | int = 0) -> Rule:
    """The exact product with the fixed-point multiplier, and `rest`, rounded once, ties to even (`requantize_even`)."""
    multiplier, shift = _columns(multipliers)
    column = np.broadcast_to(rest, len(multipliers))[:, None]

    def codes(acc: Ints) -> Ints:
        codes: Ints = np.clip(requantize_even(acc, multiplier, shift, column) + zero_point, low, high)
        return codes

    limit = np.full(len(multipliers), (1 << 31) - 1, np.int64)
    return Rule(codes, _scales(multipliers), zero_point, low, high, limit, signed=False)


def single_product(multipliers: Sequence[Multiplier], zero_point: int, low: int, high: int) -> Rule:
    """The product with the fixed-point multiplier as float32 has it, ties to even (`requantize_single`)."""
    multiplier, shift = _columns(multipliers)

    def codes(acc: Ints) -> Ints:
        codes: Ints = np.clip(requantize_single(acc, multiplier, shift) + zero_point, low, high)
        return codes

    limit = np.full(len(multipliers), (1 << 31) - 1, np.int64)
    return Rule(codes, _scales(multipliers), zero_point, low, high, limit, signed=False)


def real_scale(scales: Reals, zero_point: int, low: int, high: int, *, ties_to_even: bool) -> Rule:
    """round(acc * scale) + zero_point in the type of `scales`: float32 and ties to even as ONNX Runtime and XNNPACK have it,
    float64 and ties away from zero as LiteRT's FULLY_CONNECTED.

    float32 moves steps by up to half a unit in the last place of the product: where the scale is below about 1/500, one channel
    in two has no line through them.
    """
    column = scales[:, None]

    def codes(acc: Ints) -> Ints:
        product = acc.astype(scales.dtype) * column
        rounded = np.rint(product) if ties_to_even else np.copysign(np.floor(np.abs(product) + scales.dtype.type(0.5)), product)
        codes: Ints = np.clip(rounded.astype(np.float64) + zero_point, low, high).astype(np.int64)
        return codes

    limit = np.full(len(scales), (1 << 31) - 1, np.int64)
    return Rule(codes, scales.astype(np.float64), zero_point, low, high, limit, signed=not ties_to_even)


def _columns(multipliers: Sequence[Multiplier]) -> tuple[Ints, Ints]:
    entries = np.asarray([(entry.multiplier, entry.shift) for entry in multipliers], np.int64)
    return entries[:, :1], entries[:, 1:]


def _scales(multipliers: Sequence[Multiplier]) -> Reals:
    return np.asarray([entry.multiplier * 2.0 ** (entry.shift - 31) for entry in multipliers])


@dataclass(frozen=True, eq=False)
class Staircase:
    """`thresholds[c, i]`: the smallest accumulator in [low[c], high[c]] with a code of at least min + 1 + i; high[c] + 1 if
    there is none. `pivot[c]`: accumulators below it are rounded by a rule of their own. `scale`: codes per unit, about.
    `exact[c]`: False where the rule has no staircase over [low, high] (it wraps around there)."""

    low: Ints
    high: Ints
    thresholds: Ints
    pivot: Ints | None
    scale: Reals
    min: int
    max: int
    exact: Bools

    @property
    def steps(self) -> Ints:
        """The code that each threshold is for: int64[max - min]."""
        return np.arange(self.min + 1, self.max + 1, dtype=np.int64)

    @property
    def inside(self) -> Bools:
        """[C, steps]: the steps that lie between two accumulators that can occur."""
        inside: Bools = (self.thresholds > self.low[:, None]) & (self.thresholds <= self.high[:, None])
        return inside

    @property
    def live(self) -> Bools:
        """[C]: the channels whose code is not the same for all accumulators that can occur."""
        live: Bools = np.any(self.inside, axis=1)
        return live

    @cached_property
    def edges(self) -> tuple[Ints, Ints]:
        """(accumulators, their codes): the one of every step, the one before it, and the ends of the interval."""
        low, high = self.low[:, None], self.high[:, None]
        at = np.clip(np.concatenate((self.thresholds, self.thresholds - 1, low, high), axis=1), low, high)
        return at, self(at)

    def after(self, offset: Ints) -> Staircase:
        """The same codes by acc, where this one has them by acc + offset: an offset (a bias) taken into the staircase."""
        return replace(
            self,
            low=self.low - offset,
            high=self.high - offset,
            thresholds=self.thresholds - offset[:, None],
            pivot=None if self.pivot is None else self.pivot - offset,
        )

    def of(self, channels: Ints) -> Staircase:
        """The staircases of some channels."""
        names = ("low", "high", "thresholds", "scale", "exact")
        pivot = None if self.pivot is None else self.pivot[channels]
        return replace(self, pivot=pivot, **{name: getattr(self, name)[channels] for name in names})

    def saturating(self, low: int = -128, high: int = 127) -> Staircase:
        """The same codes as steps of a formula that saturates at [low, high]: it must not leave the narrower range of the
        rule within what can occur."""
        before = np.repeat(self.low[:, None], self.min - low, 1)
        after = np.repeat(self.high[:, None] + 1, high - self.max, 1)
        return replace(self, thresholds=np.concatenate((before, self.thresholds, after), 1), min=low, max=high)

    def __call__(self, acc: Ints) -> Ints:
        """Codes of int64[C, n] accumulators within [low, high]."""
        rows, steps = np.arange(len(acc), dtype=np.int64)[:, None], self.thresholds.shape[1]
        base = rows * (int((self.high - self.low).max()) + 3) - self.low[:, None]  # rows moved apart: one search for all
        found = np.searchsorted((self.thresholds + base).ravel(), (acc + base).ravel(), side="right").reshape(acc.shape)
        codes: Ints = found - rows * steps + self.min
        return codes


def staircase(rule: Rule, low: Ints, high: Ints) -> Staircase:
    """The exact steps of a rule over the accumulators low[c] .. high[c] (what it is given, bias and offsets included)."""
    low, high = np.asarray(low, np.int64), np.asarray(high, np.int64)
    assert low.shape == high.shape == (rule.channels,)
    assert (low <= high).all()
    exact = np.array(np.logical_and(np.maximum(-low, high) <= rule.limit, np.isfinite(rule.scale)))
    pivot = np.zeros(len(low), np.int64) if rule.signed else None
    return Staircase(low, high, _thresholds(rule, low, high), pivot, rule.scale, rule.min, rule.max, exact)


def _thresholds(rule: Rule, low: Ints, high: Ints) -> Ints:
    """Bisection between brackets around where the real-valued map crosses half a code."""
    steps = np.arange(rule.min + 1, rule.max + 1, dtype=np.int64)
    bottom, top = low[:, None], high[:, None] + 1
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        guess = np.ceil((steps - 0.5 - rule.zero_point) / rule.scale[:, None])
    guess = np.clip(np.nan_to_num(guess), bottom, top).astype(np.int64)

    def reached(acc: Ints) -> Bools:
        codes: Bools = rule.codes(np.clip(acc, bottom, top - 1)) >= steps
        return codes

    first, last = np.clip(guess - 4, bottom, top), np.clip(guess + 4, bottom, top)
    for margin in (4**i for i in range(3, 20)):
        early, late = (first > bottom) & reached(first - 1), (last < top) & ~reached(last)
        if not (early.any() or late.any()):
            break
        first = np.where(early, np.maximum(first - margin, bottom), first)
        last = np.where(late, np.minimum(last + margin, top), last)
    return _bisect(first, last, reached)


def _bisect(first: Ints, last: Ints, reached: Callable[[Ints], Bools]) -> Ints:
    """The first value in [first, last] for which `reached`, by element; `last` is taken to be so."""
    while (undecided := first < last).any():
        middle = (first + last) >> 1
        above = reached(middle)
        first, last = np.where(undecided & ~above, middle + 1, first), np.where(undecided & above, middle, last)
    return first


@dataclass(frozen=True, eq=False)
class Folded:
    """y = clamp((acc * multiplier[c] + (offset[c] if acc >= pivot[c] else below[c])) >> shift, min, max).

    One shift for all channels, or one for each; 0 <= multiplier < 2**31; the sum stays within int64. `proved[c]`: the steps of
    channel c are the staircase's. With `two_sided` False, `below` equals `offset` in every channel and need not be looked at.
    """

    multiplier: Ints
    offset: Ints
    below: Ints
    pivot: Ints
    shift: int | Ints
    min: int
    max: int
    proved: Bools

    @property
    def two_sided(self) -> bool:
        return bool((self.below != self.offset).any())

    def __call__(self, acc: Ints) -> Ints:
        """The formula, for int64[C, n]."""
        offset = np.where(acc >= self.pivot[:, None], self.offset[:, None], self.below[:, None])
        codes: Ints = np.clip((acc * self.multiplier[:, None] + offset) >> _column(self.shift), self.min, self.max)
        return codes


def _column(shift: int | Ints) -> int | Ints:
    return shift if isinstance(shift, int) else shift[:, None]


LARGEST_SHIFT = 52
"""With codes of 9 bits, offsets are below 2**61 and sums within int64."""


def common_shift(stairs: Staircase, bits: int = 31) -> int:
    """The largest shift with which the multipliers of all live channels, a little enlarged, fit in `bits` bits."""
    live = stairs.live & stairs.exact
    largest = float(stairs.scale[live].max()) if live.any() else 1.0
    return min(LARGEST_SHIFT, bits + math.floor(-math.log2(largest * 1.0001)))


def fold(stairs: Staircase, shift: int | None = None, *, two_sided: bool = True) -> Folded:
    """Constants for all channels with one shift (the largest that fits, if none is given), on one side of the pivot or, where
    that is not enough and `two_sided`, on either side with an offset of its own. Look at `proved`."""
    shift = common_shift(stairs) if shift is None else shift
    single = _fold(replace(stairs, pivot=None), shift)
    if single.proved.all() or stairs.pivot is None or not two_sided:
        return single
    double = _fold(stairs, shift)

    def pick(one: Ints, two: Ints) -> Ints:
        return np.where(single.proved, one, two)

    return replace(
        double,
        multiplier=pick(single.multiplier, double.multiplier),
        offset=pick(single.offset, double.offset),
        below=pick(single.below, double.below),
        proved=single.proved | double.proved,
    )


def _fold(stairs: Staircase, shift: int) -> Folded:
    multiplier = widest_multiplier(stairs, shift)
    (above_min, above_max), (below_min, below_max) = offsets(stairs, multiplier, shift)
    offset = _between(above_min, above_max, shift)
    below = _between(below_min, below_max, shift)
    if stairs.pivot is None:
        below = offset
    else:  # a side without steps takes the other's
        offset, below = (
            np.where((above_min == -FREE) & (above_max == FREE), below, offset),
            np.where((below_min == -FREE) & (below_max == FREE), offset, below),
        )
    pivot = stairs.low if stairs.pivot is None else stairs.pivot
    folded = Folded(multiplier, offset, below, pivot, shift, stairs.min, stairs.max, stairs.exact)
    return replace(folded, proved=proved(stairs, folded))


def nominal_multiplier(stairs: Staircase, shift: int | Ints, largest: int = (1 << 31) - 1) -> Ints:
    """int64[C]: the scale as a multiple of 2**-shift; 0 where it makes no difference."""
    return np.clip(np.rint(np.where(stairs.live, np.ldexp(stairs.scale, shift), 0.0)), 0, largest).astype(np.int64)


def widest_multiplier(stairs: Staircase, shift: int | Ints, largest: int = (1 << 31) - 1) -> Ints:
    """int64[C]: the multiplier in [0, largest] that leaves the offset the most room, which is a concave function of it."""
    nominal = nominal_multiplier(stairs, shift, largest)
    spread = np.maximum(nominal >> 7, 16)
    first, last = np.clip(nominal - spread, 0, largest), np.clip(nominal + spread, 0, largest)
    first, last = np.where(stairs.live, first, 0), np.where(stairs.live, last, 0)
    slope = _slope(stairs, shift)
    return _bisect(first, last, lambda multiplier: slope(multiplier) <= 0)


Interval = tuple[Ints, Ints]


def offsets(stairs: Staircase, multiplier: Ints, shift: int | Ints) -> tuple[Interval, Interval]:
    """((smallest, largest) offset for acc >= pivot, the same for acc < pivot) with which the steps come out right, int64[C];
    -2**62 or 2**62 where nothing bounds it; an empty interval where there is none."""
    lower, upper, is_lower, is_upper, lower_side, upper_side = _inequalities(stairs, multiplier, shift)

    def interval(side: bool) -> Interval:
        smallest = np.where(is_lower & (lower_side == side), lower, -FREE).max(1, initial=-FREE)
        largest = np.where(is_upper & (upper_side == side), upper, FREE).min(1, initial=FREE)
        return smallest, largest

    return interval(True), interval(False)


def _inequalities(stairs: Staircase, multiplier: Ints, shift: int | Ints) -> tuple[Ints, Ints, Bools, Bools, Bools, Bools]:
    """Step k at T asks for T * m + r >= k << shift and (T - 1) * m + r < k << shift, where T and T - 1 can occur."""
    steps, at, m = stairs.steps << _column(shift), stairs.thresholds, multiplier[:, None]
    lower, upper = steps - at * m, steps - 1 - (at - 1) * m
    is_lower, is_upper = at <= stairs.high[:, None], at > stairs.low[:, None]
    pivot = stairs.low[:, None] if stairs.pivot is None else stairs.pivot[:, None]
    return lower, upper, is_lower, is_upper, at >= pivot, at - 1 >= pivot


def _slope(stairs: Staircase, shift: int | Ints) -> Callable[[Ints], Ints]:
    """How the room for the offset (of the tighter side) changes with the multiplier. What does not depend on that is found
    once: the multiplier is bisected."""
    none = np.zeros_like(stairs.low)
    lower, upper, is_lower, is_upper, lower_side, upper_side = _inequalities(stairs, none, shift)
    rows, sides = np.arange(len(none)), []
    for side in (True,) if stairs.pivot is None else (True, False):
        low, high = is_lower & (lower_side == side), is_upper & (upper_side == side)
        ends = np.where(low, lower, -FREE), np.where(high, upper, FREE)
        sides.append((*ends, np.where(low, stairs.thresholds, 0), np.where(high, stairs.thresholds - 1, 0)))

    def slope(multiplier: Ints) -> Ints:
        found, room = np.zeros_like(none), np.full(len(none), FREE)
        for least, most, at, before in sides:
            low, high = least - at * multiplier[:, None], most - before * multiplier[:, None]
            i, j = low.argmax(1), high.argmin(1)
            smallest, largest = low[rows, i], high[rows, j]
            bounded = (smallest > -FREE) & (largest < FREE)
            here = np.where(bounded, largest // 2 - smallest // 2, FREE)
            change = at[rows, i] - before[rows, j]
            found, room = np.where(here < room, change, found), np.minimum(here, room)
        return found

    return slope


def _between(smallest: Ints, largest: Ints, shift: int) -> Ints:
    """The middle of an interval; half a code inside it where one end is free."""
    half = np.int64(1) << shift >> 1
    middle = smallest + ((largest - smallest) >> 1)
    middle = np.where(smallest == -FREE, largest - half, np.where(largest == FREE, smallest + half, middle))
    return np.where((smallest == -FREE) & (largest == FREE), 0, middle)


def proved(stairs: Staircase, formula: Folded, limit: int = 1 << 31) -> Bools:
    """[C]: whether the formula has exactly the steps of the staircase over its accumulators, with a multiplier below `limit`.

    Both never fall within a side of the pivot, so it is enough to look at the accumulator of every step, the one before it, the
    ends of the interval and those beside the pivot.
    """
    low, high = stairs.low[:, None], stairs.high[:, None]
    pivot = formula.pivot[:, None]
    beside = np.clip(np.concatenate((pivot, pivot - 1), axis=1), low, high)
    largest = np.maximum(np.abs(stairs.low), np.abs(stairs.high)).astype(float)
    sizes = largest * formula.multiplier + np.maximum(np.abs(formula.offset), np.abs(formula.below))
    held = (formula.multiplier >= 0) & (formula.multiplier < limit) & (sizes < 2.0**63 * 0.999)
    at, codes = stairs.edges
    found: Bools = stairs.exact & held & (formula(at) == codes).all(1) & (formula(beside) == stairs(beside)).all(1)
    return found


def reach(weights: Ints, low: Ints | int = -128, high: Ints | int = 127) -> tuple[Ints, Ints]:
    """(smallest, largest) of sum_k weights[c, k] * x[k] for low[k] <= x[k] <= high[k], int64[C]."""
    wide = weights.astype(np.int64)
    positive, negative = np.maximum(wide, 0), np.minimum(wide, 0)
    least = (positive * low + negative * high).sum(1)
    most = (positive * high + negative * low).sum(1)
    return least, most
