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
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


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
    return [quantize_multiplier(float(np.float64(x_scale) * np.float64(scale) / np.float64(y_scale))) for scale in w_scales]


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


def requantize_even(x: Ints, multiplier: Ints | int, shift: Ints | int, slack: int | None = None) -> Ints:
    """round(x * multiplier * 2**(shift - 31)) as int64, the product exact, ties to even. |x| < 2**31, shift <= 30.

    With `slack`, so is what lies within 2**-slack of a tie: as a product that was rounded to float32 before.
    """
    multiplier, right = np.asarray(multiplier, np.int64), 31 - np.asarray(shift, np.int64)
    near = np.int64(0) if slack is None else (np.int64(1) << np.maximum(right - slack, 0))
    product = x.astype(np.int64) * multiplier + (np.int64(1) << (right - 1)) + near
    codes = product >> right
    tie = (product & ((np.int64(1) << right) - 1)) <= 2 * near
    even: Ints = codes - (codes & tie)
    return even


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
