# SPDX-License-Identifier: Apache-2.0
"""Sums of products that ONNX multiplies by a float32 scale, and what the same codes are in integers.

A float32 product that lies next to the middle between two codes is that middle, and goes to the even code. So steps move by one
accumulator here and there, and about one channel in thirty has no line through them any more. Where the model says how its sums
are requantized (QLinear operators), such a channel gets a form that tells what lies next to a middle; where QuantizeLinear
follows a sum of floats, whose own rounding moves steps as much, one step, or all, are those of the real product, with all ties
up, or down, where they have no line else.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import combinations, islice

import numpy as np

from tinycc.analysis.accumulators import Weighted, accumulators
from tinycc.ir import Array
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, rounded_even, rounded_single
from tinycc.numerics.linear_sum import LinearSum, linear_sum
from tinycc.numerics.staircase import Bools, Ints, Rule, Staircase, even_rounding, fold, real_scale, single_product, staircase
from tinycc.numerics.two_products import best_split, fold_at
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.elementwise.arithmetic import Binary, Sum


def bounds_of(op: WeightedSum) -> tuple[int, int, int]:
    """(zero point, least, largest) of the codes."""
    return op.y.zero_point, int(op.range.min), int(op.range.max)


def multipliers_of(op: WeightedSum) -> list[Multiplier]:
    """One for each output channel."""
    entries = op.requantization
    return entries * (op.channels // len(entries))


def single_rule(op: WeightedSum, count: int) -> Rule:
    """The codes of the first `count` channels by their sums, bias included."""
    single = real_scale(np.resize(op.real_scales, count), *bounds_of(op), ties_to_even=True)
    if op.exact is None:
        return single
    exact = np.resize(op.exact, count)[:, None]
    rest = np.resize(op.rest_of_products, count)
    even = even_rounding(multipliers_of(op)[:count], *bounds_of(op), rest=rest)

    def codes(acc: Ints) -> Ints:
        codes: Ints = np.where(exact, even.codes(acc), single.codes(acc))
        return codes

    return replace(single, codes=codes)


def exact_forms(scales: Array, rest: Array | float = 0.0) -> Array:
    """int64[channels, 3]: the `forms` of a WeightedSum for real scales, and what is left of a bias in units of the sums."""
    entries = [quantize_multiplier(float(scale)) for scale in scales]
    numbers = np.asarray([(entry.multiplier, entry.shift) for entry in entries], np.int64)
    return np.column_stack((numbers, np.rint(rest * numbers[:, 0]).astype(np.int64)))


def with_lines(op: Weighted) -> Weighted:
    """The op with those channels `exact` whose float32 steps have no linear form: lines through as many of them as can be."""
    reached = accumulators(op)
    if reached is None:
        return op
    low, high = np.resize(reached.low, op.channels), np.resize(reached.high, op.channels)
    single = staircase(single_rule(op, op.channels), low, high)
    split = best_split(single.saturating())
    if _are_lines(single, split).all():
        return op
    scales = op.x.scale * np.asarray(op.weights.quantization.scales, np.float64) / op.y.scale
    forms = exact_forms(np.resize(scales, op.channels))
    entries = [Multiplier(int(multiplier), int(shift)) for multiplier, shift, _ in forms]
    real = staircase(even_rounding(entries, *bounds_of(op)), low, high)
    rounded = _round_sums(op, real)
    proved = np.where(rounded, _are_lines(single, split), fold(single, two_sided=False).proved)
    if proved.all():
        return op
    channels = np.flatnonzero(~proved)
    for channel in channels:
        ways = _row(single, int(channel)), _row(real, int(channel)), bounds_of(op), TRIALS // len(channels)
        line = _nearly(*ways, split)
        if line is None and rounded[channel]:
            line = _beside(entries[int(channel)], ways[1], bounds_of(op), split)
        forms[channel] = forms[channel] if line is None else line
    return replace(op, exact=~proved, forms=forms)


def _round_sums(op: Weighted, real: Staircase) -> Bools:
    """Of which channels sums of floats that become different codes have been rounded: else they are exact, and so are ties."""
    weights = np.asarray(op.weights.quantization.scales, np.float64)
    largest = np.where(real.inside, np.abs(real.thresholds), 0).max(1)
    digits = _digits(np.asarray([op.x.scale])) + np.resize(_digits(weights), op.channels)
    found: Bools = digits + np.ceil(np.log2(np.maximum(largest, 1).astype(np.float64))) > np.finfo(np.float32).nmant + 1
    return found


def _digits(scales: Array) -> Ints:
    """By how many binary digits numbers make others longer."""
    whole = (np.frexp(scales)[0] * 2.0**53).astype(np.int64)
    digits = np.asarray(53 - np.log2(whole & -whole), np.int64)
    return np.where(digits > 1, digits, 0)


def _are_lines(stairs: Staircase, split: int) -> Bools:
    """Which channels have a linear form, also in two products of 32 bits, for cores that have no longer ones."""
    found: Bools = fold(stairs, two_sided=False).proved & fold_at(stairs.saturating(), split).proved
    return found


Form = tuple[int, int, int]
"""A row of `forms`."""


def _row(stairs: Staircase, channel: int) -> Staircase:
    return replace(stairs.of(np.asarray([channel])), pivot=None)


MOST_DIFFERING = 32
"""Steps of a channel, of the largest sums, of which two are tried together."""
TRIALS = 4096
"""Lines that are tried for a layer: some seconds."""


def _nearly(single: Staircase, real: Staircase, bounds: tuple[int, int, int], trials: int, split: int) -> Form | None:
    """The form of a line through all steps of one channel but one or two, which are those of the real product, for the largest
    sums that will do; None where none is among so many `trials`."""
    differ = np.flatnonzero((single.thresholds != real.thresholds)[0])
    rarest = differ[np.argsort(-np.abs(single.thresholds[0, differ]), kind="stable")]
    for steps in islice((*combinations(rarest, 1), *combinations(rarest[:MOST_DIFFERING], 2)), trials):
        thresholds = single.thresholds.copy()
        thresholds[0, list(steps)] = real.thresholds[0, list(steps)]
        wanted = replace(single, thresholds=thresholds)
        folded = fold(wanted, two_sided=False)
        shift = int(np.asarray(folded.shift).ravel()[0])
        rest = int(folded.offset[0]) - (bounds[0] << shift) - (1 << shift >> 1)
        if not folded.proved.all() or not 1 <= shift <= 62 or abs(rest) >= 2**31:
            continue
        form = Multiplier(int(folded.multiplier[0]), 31 - shift)
        found = staircase(even_rounding([form], *bounds, np.asarray([rest])), wanted.low, wanted.high)
        if (found.thresholds == thresholds).all() and _are_lines(found, split).all():
            return form.multiplier, form.shift, rest
    return None


def _beside(entry: Multiplier, real: Staircase, bounds: tuple[int, int, int], split: int) -> Form | None:
    """The form of the real product, if need be with all ties up, or all down, as sums of floats lie beside them; None where not
    even that has a line."""
    for rest in (0, 1, -1):
        found = staircase(even_rounding([entry], *bounds, np.asarray([rest])), real.low, real.high)
        if _are_lines(found, split).all():
            return entry.multiplier, entry.shift, rest
    return None


def in_integers(op: Weighted | BatchMatMul) -> bool:
    """Whether a product in integers, rounded as float32 would have it, has the codes of the float32 product for all sums that
    can occur (in channels that are not `exact`, whose form is one of integers anyway)."""
    exact = np.zeros(op.channels, np.bool_) if op.exact is None else np.resize(op.exact, op.channels)
    reached = accumulators(op)
    if exact.all() or reached is None:
        return bool(exact.all())
    low, high = np.resize(reached.low, op.channels), np.resize(reached.high, op.channels)
    wanted = staircase(single_rule(op, op.channels), low, high)
    found = staircase(single_product(multipliers_of(op), *bounds_of(op)), low, high)
    same = (found.thresholds == wanted.thresholds).all(1) & found.exact & wanted.exact
    return bool((same | exact).all())


SUM_SHIFT = 21
"""Of sums of codes in one linear form of 32 bits."""
_CODES = np.arange(-128, 128, dtype=np.int64)
_KEPT = 64


def pairs(op: Binary) -> Ints:
    """The codes of y for all pairs of int8 codes, int64[256, 256]."""
    scaled = op.integer(_CODES[:, None] - op.x1.zero_point, _CODES[None, :] - op.x2.zero_point)
    codes: Ints = np.clip(scaled + op.y.zero_point, op.range.min, op.range.max).astype(np.int64)
    return codes


@lru_cache(maxsize=_KEPT)
def linear(op: Sum) -> LinearSum | None:
    """The linear form that has the code of every pair, if one was found."""
    return linear_sum(pairs(op), op.x1.scale / op.y.scale, op.sign * op.x2.scale / op.y.scale, SUM_SHIFT)


@lru_cache(maxsize=_KEPT)
def rounds_single(op: Binary) -> bool | None:
    """Whether products of integers have the code of every pair of int8 codes rounded as float32 would have them, or rounded
    exactly; None for neither."""
    if not op.in_floats:
        return False
    products = op.products(_CODES[:, None] - op.x1.zero_point, _CODES[None, :] - op.x2.zero_point)
    wanted = pairs(op)
    for single, rounded in ((False, rounded_even), (True, rounded_single)):
        codes = rounded(products, op.right) - op.early_zero + op.y.zero_point
        codes = np.clip(codes, op.range.min, op.range.max)
        if (codes == wanted).all():
            return single
    return None
