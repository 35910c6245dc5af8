# SPDX-License-Identifier: Apache-2.0
"""Fixed-point requantization, in numpy, with the rounding named.

A real multiplier is held as `multiplier * 2**(shift - 31)` with an int32 `multiplier` in [2**30, 2**31) and a `shift` that is
positive to the left. TensorFlow Lite Micro and CMSIS-NN round twice: once in the doubling high multiply, once in the right
shift (source: gemmlowp fixedpoint.h, TFLite common.cc `MultiplyByQuantizedMultiplier`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
SINGLE_BITS = 24
"""Of a float32: half a unit in the last place of 1.0 is 2**-24."""


@dataclass(frozen=True)
class Multiplier:
    """multiplier * 2**(shift - 31)."""

    multiplier: int
    shift: int


def round_half_away(x: float) -> int:
    """std::round: to nearest, ties away from zero."""
    return int(math.copysign(math.floor(abs(x) + 0.5), x))


def rounded(x: NDArray[Any]) -> Ints:
    """std::round of float32 or float64 elements, as int64: to nearest, ties away from zero; saturated far outside int32."""
    wide = x.astype(np.float64)
    nearest = np.copysign(np.floor(np.abs(wide) + 0.5), wide)
    return np.clip(nearest, -(2.0**40), 2.0**40).astype(np.int64)


def quantize_multiplier(real: float) -> Multiplier:
    """The Multiplier nearest to a non-negative real number; below 2**-32 it is flushed to zero as TFLite does."""
    if real == 0.0:
        return Multiplier(0, 0)
    fraction, shift = math.frexp(real)
    fixed = round_half_away(fraction * 2**31)
    if fixed == 2**31:
        fixed, shift = fixed // 2, shift + 1
    return Multiplier(0, 0) if shift < -31 else Multiplier(fixed, shift)


def product_multipliers(x_scale: float, w_scales: Sequence[float], y_scale: float) -> list[Multiplier]:
    """x_scale * w_scale / y_scale for each weight scale, in double.

    Source: TFLite kernel_util.cc `PopulateConvolutionQuantizationParams`, `GetQuantizedConvolutionMultipler` (which multiplied
    the input scales in float32 in releases before the autumn of 2026).
    """
    return list(_product_multipliers(x_scale, tuple(w_scales), y_scale))


@lru_cache(256)
def _product_multipliers(x_scale: float, w_scales: tuple[float, ...], y_scale: float) -> tuple[Multiplier, ...]:
    reals = np.float64(x_scale) * np.asarray(w_scales, np.float64) / np.float64(y_scale)
    return tuple(map(quantize_multiplier, reals.tolist()))


def saturating_doubling_high_multiply(a: Ints, b: Ints | int) -> Ints:
    """round(a * b / 2**31) on int32 values held in int64, ties towards plus infinity; only INT32_MIN squared saturates."""
    product = a.astype(np.int64) * np.asarray(b, np.int64)
    high: Ints = np.minimum((product + (1 << 30)) >> 31, INT32_MAX)
    return high


def rounding_divide_by_power_of_two(x: Ints, exponent: Ints | int) -> Ints:
    """x / 2**exponent, ties away from zero."""
    exponent = np.asarray(exponent, np.int64)
    mask = (np.int64(1) << exponent) - 1
    remainder = x & mask
    threshold = (mask >> 1) + (x < 0)
    rounded: Ints = (x >> exponent) + (remainder > threshold)
    return rounded


def requantize(x: Ints, multiplier: Ints | int, shift: Ints | int) -> Ints:
    """x * multiplier * 2**(shift - 31) with double rounding. x: int32 values; the result is int64 holding int32 values.

    `multiplier` and `shift` broadcast against x (arrays of one entry per channel for the last axis).
    """
    shift = np.asarray(shift, np.int64)
    left, right = np.maximum(shift, 0), np.maximum(-shift, 0)
    shifted = (x.astype(np.int64) << left).astype(np.int32).astype(np.int64)  # wraps as the int32 product does
    return rounding_divide_by_power_of_two(saturating_doubling_high_multiply(shifted, multiplier), right)


def requantize_even(x: Ints, multiplier: Ints | int, shift: Ints | int, rest: Ints | int = 0) -> Ints:
    """round((x * multiplier + rest) * 2**(shift - 31)) as int64, the product exact, ties to even. |x| < 2**31, shift <= 30."""
    right = 31 - np.asarray(shift, np.int64)
    return rounded_even(x.astype(np.int64) * np.asarray(multiplier, np.int64) + rest, right)


def requantize_even_long(x: Ints, multiplier: Ints | int, shift: Ints | int, rest: Ints | int = 0) -> Ints:
    """`requantize_even` of sums of more than 32 bits, |x| < 2**46, shift <= 14: one bit stands for all that is below the upper
    ones of the product."""
    multiplier = np.asarray(multiplier, np.int64)
    low = (x & 0xFFFF) * multiplier + rest
    high = (x >> 16) * multiplier + (low >> 16)
    return rounded_even(2 * high + ((low & 0xFFFF) != 0), 16 - np.asarray(shift, np.int64))


def requantize_single(x: Ints, multiplier: Ints | int, shift: Ints | int) -> Ints:
    """The same of the product as float32 has it."""
    right = 31 - np.asarray(shift, np.int64)
    return rounded_single(x.astype(np.int64) * np.asarray(multiplier, np.int64), right)


def rounded_even(x: Ints, right: Ints | int) -> Ints:
    """round(x / 2**right), ties to even. |x| < 2**62, 1 <= right <= 62."""
    right = np.asarray(right, np.int64)
    raised = x + (np.int64(1) << (right - 1))
    codes = raised >> right
    tie = (raised & ((np.int64(1) << right) - 1)) == 0
    even: Ints = codes - (codes & tie)
    return even


def rounded_single(x: Ints, right: Ints | int) -> Ints:
    """The same of x / 2**right as float32 has it: what lies within half a unit in the last place of a tie is one."""
    right = np.asarray(right, np.int64)
    size, half = np.abs(x), np.int64(1) << (right - 1)
    whole, fraction = size >> right, size & ((np.int64(1) << right) - 1)
    exponent = np.frexp(whole.astype(np.float64))[1] - 1
    bits = SINGLE_BITS - np.where(whole > 0, exponent, np.where(fraction >= half, -1, -2))
    near = np.where(right >= bits, np.int64(1) << np.maximum(right - bits, 0), 0)
    tie = np.abs(fraction - half) <= near
    codes = whole + np.where(tie, whole & 1, fraction > half)
    single: Ints = np.where(x < 0, -codes, codes)
    return single


def narrowed(entry: Multiplier, bits: int) -> Multiplier:
    """The Multiplier of at most `bits` bits nearest to one of 31, for products that have no room for more."""
    drop = 31 - bits
    return Multiplier((entry.multiplier + (1 << drop >> 1)) >> drop, entry.shift + drop)


class Aligned(NamedTuple):
    """Several factors as multiples of 2**-right, at most 31 bits each."""

    multipliers: tuple[int, ...]
    right: int


def aligned(*factors: float) -> Aligned:
    """Non-negative real factors below 2**30, the largest with 31 bits where 2**-62 allows it."""
    largest = max(factors)
    right = 62 if largest == 0 else min(max(31 - math.frexp(largest)[1], 1), 62)
    found = [round_half_away(math.ldexp(factor, right)) for factor in factors]
    if max(found) == 2**31:
        right -= 1
        found = [round_half_away(math.ldexp(factor, right)) for factor in factors]
    return Aligned(tuple(found), right)


def requantize64(x: Ints, multiplier: Ints | int, shift: Ints | int) -> Ints:
    """x * multiplier * 2**(shift - 31) for 64-bit accumulators, |x| < 2**47, shift <= 7.

    The multiplier is reduced to 15 bits, and the product rounded once, ties towards plus infinity. The result is int64 holding
    int32 values, which wrap.

    Source: TFLite common.cc `MultiplyByQuantizedMultiplier(int64_t, int32_t, int)`.
    """
    multiplier, right = np.asarray(multiplier, np.int64), 15 - np.asarray(shift, np.int64)
    reduced = np.where(multiplier < 0x7FFF0000, (multiplier + (1 << 15)) >> 16, 0x7FFF)
    rounded: Ints = (x.astype(np.int64) * reduced + (np.int64(1) << (right - 1))) >> right
    return rounded.astype(np.int32).astype(np.int64)
