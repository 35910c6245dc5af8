# SPDX-License-Identifier: Apache-2.0
"""gemmlowp's logistic and tanh on 16 bits, in numpy, bit for bit: `gemmlowp` with shorter constants and products.

A number is an int16 `raw` held in int64: "Qn" below means raw * 2**(n - 15), n integer bits. One in Q0 is the largest int16.

Source: gemmlowp fixedpoint/fixedpoint.h, which rounds its 32-bit constants to the upper half.
"""

from __future__ import annotations

import numpy as np

from tinycc.numerics import gemmlowp
from tinycc.numerics.fixedpoint import Ints, rounding_divide_by_power_of_two

ONE, LEAST = 2**15 - 1, -(2**15)
ONE_Q2 = 1 << 13


def _upper_half(constant: int) -> int:
    return (constant + (1 << 15)) >> 16


def multiply(a: Ints, b: Ints | int) -> Ints:
    """round(a * b / 2**15), ties towards plus infinity, saturated."""
    product: Ints = a * np.asarray(b, np.int64) + (1 << 14)
    high: Ints = np.minimum(product >> 15, ONE)
    return high


def _shifted(raw: Ints, left: int) -> Ints:
    """raw * 2**left, saturated; for left < 0 rounded, ties away from zero."""
    if left < 0:
        return rounding_divide_by_power_of_two(raw, -left)
    shifted: Ints = np.clip(raw << left, LEAST, ONE)
    return shifted


def _exp_on_last_quarter(a: Ints) -> Ints:
    """exp(a) in Q0 for a in [-1/4, 0) in Q0."""
    factor = _upper_half(gemmlowp.EXP_OF_MINUS_EIGHTH)
    x = a + (1 << 12)
    x2 = multiply(x, x)
    x3, x4 = multiply(x2, x), multiply(x2, x2)
    higher = _shifted(multiply(_shifted(x4, -2) + x3, _upper_half(gemmlowp.ONE_THIRD)) + x2, -1)
    result: Ints = np.minimum(factor + multiply(x + higher, factor), ONE)
    return result


def exp_on_negative_values(a: Ints, integer_bits: int) -> Ints:
    """exp(a) in Q0 for a <= 0 with 2 to 7 integer bits."""
    fractional_bits = 15 - integer_bits
    quarter = 1 << (fractional_bits - 2)
    fraction = (a & (quarter - 1)) - quarter
    remainder = fraction - a
    result = _exp_on_last_quarter(_shifted(fraction, integer_bits))
    for exponent, factor in gemmlowp.EXP_OF_MINUS_POWERS.items():
        if exponent < integer_bits:
            bit = remainder & (1 << (fractional_bits + exponent))
            result = np.where(bit, multiply(result, _upper_half(factor)), result)
    if integer_bits > 5:
        result = np.where(a < -(32 << fractional_bits), 0, result)
    return np.where(a == 0, ONE, result)


def _reciprocal_of_half_sum(a: Ints) -> Ints:
    """2 / (1 + a) in Q2 for a in [0, 1] in Q0, by three Newton-Raphson steps."""
    half_denominator = (a + ONE + 1) >> 1
    factor = -_upper_half(gemmlowp.THIRTY_TWO_SEVENTEENTHS)
    x = _upper_half(gemmlowp.FORTY_EIGHT_SEVENTEENTHS) + multiply(half_denominator, factor)
    for _ in range(3):
        error = ONE_Q2 - multiply(half_denominator, x)
        x = x + _shifted(multiply(x, error), 2)
    return x


def logistic(a: Ints, integer_bits: int) -> Ints:
    """1 / (1 + exp(-a)) in Q0 for any a with `integer_bits` integer bits."""
    a = np.asarray(a, np.int64)
    upper = _shifted(_reciprocal_of_half_sum(exp_on_negative_values(-np.abs(a), integer_bits)), 1)
    return np.where(a == 0, 1 << 14, np.where(a > 0, upper, ONE - upper))


def tanh(a: Ints, integer_bits: int) -> Ints:
    """tanh(a) in Q0 for any a with 1 to 6 integer bits."""
    a = np.asarray(a, np.int64)
    # exp(2a): the same raw value with one more integer bit.
    half_sum = _reciprocal_of_half_sum(exp_on_negative_values(-np.abs(a), integer_bits + 1))
    upper = _shifted(half_sum - ONE_Q2, 2)
    return np.where(a == 0, 0, np.where(a > 0, upper, -upper))
