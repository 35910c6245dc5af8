# SPDX-License-Identifier: Apache-2.0
"""gemmlowp's fixed-point exp, reciprocal, logistic and tanh, and TFLite's log and 1/sqrt, in numpy, bit for bit.

A number is an int32 `raw` held in int64: "Qn" below means raw * 2**(n - 31), n integer bits and 31 - n fractional ones. One in
Q0 is the largest int32, since 1 itself does not fit. Every product rounds to nearest, ties towards plus infinity; every right
shift rounds ties away from zero. All functions are elementwise on arrays of any shape.

Source: gemmlowp fixedpoint/fixedpoint.h.
"""

from __future__ import annotations

import numpy as np

from tinycc.numerics.fixedpoint import (
    INT32_MAX,
    INT32_MIN,
    Ints,
    rounding_divide_by_power_of_two,
)
from tinycc.numerics.fixedpoint import saturating_doubling_high_multiply as multiply

EXP_OF_MINUS_POWERS = {
    -2: 1672461947,
    -1: 1302514674,
    0: 790015084,
    1: 290630308,
    2: 39332535,
    3: 720401,
    4: 242,
}
"""exponent -> exp(-2**exponent) in Q0."""

EXP_OF_MINUS_EIGHTH = 1895147668  # Q0
ONE_THIRD = 715827883  # Q0
FORTY_EIGHT_SEVENTEENTHS = 1515870810  # Q2
THIRTY_TWO_SEVENTEENTHS = 1010580540  # Q2
ONE_Q2 = 1 << 29
ONE_Q3 = 1 << 28
SQRT_HALF = 1518500250  # Q0, like all below
SQRT_SQRT_HALF = 1805811301
LOG_2 = 1488522236
LOG_NUMERATOR = 117049297  # 11/240 * 2**(1/4)
LOG_DENOMINATOR_0 = 1057819769  # 2 * 2**(-1/4) - 2**(1/4)
LOG_DENOMINATOR_1 = 638450708  # 1/4 * 2**(1/4)
LOG_DENOMINATOR_2 = 127690142  # 1/20 * 2**(1/4)


def rescale(raw: Ints, old_bits: int, new_bits: int) -> Ints:
    """The same number with `new_bits` integer bits instead of `old_bits`; it saturates, or rounds."""
    if new_bits >= old_bits:
        return rounding_divide_by_power_of_two(raw, new_bits - old_bits)
    shifted: Ints = np.clip(raw << (old_bits - new_bits), INT32_MIN, INT32_MAX)
    return shifted


def _exp_on_last_quarter(a: Ints) -> Ints:
    """exp(a) in Q0 for a in [-1/4, 0) in Q0: the Taylor polynomial of degree 4 around -1/8."""
    x = a + (1 << 28)
    x2 = multiply(x, x)
    x3 = multiply(x2, x)
    x4_over_4 = rounding_divide_by_power_of_two(multiply(x2, x2), 2)
    higher = rounding_divide_by_power_of_two(multiply(x4_over_4 + x3, ONE_THIRD) + x2, 1)
    result: Ints = EXP_OF_MINUS_EIGHTH + multiply(x + higher, EXP_OF_MINUS_EIGHTH)
    return result


def exp_on_negative_values(a: Ints, integer_bits: int) -> Ints:
    """exp(a) in Q0 for a <= 0 with `integer_bits` <= 5 integer bits.

    The fraction modulo 1/4 goes through a polynomial; each remaining bit of -a multiplies by a constant.
    """
    assert 0 <= integer_bits <= 5
    a = np.asarray(a, np.int64)
    fractional_bits = 31 - integer_bits
    quarter = 1 << (fractional_bits - 2)
    fraction = (a & (quarter - 1)) - quarter
    remainder = fraction - a
    result = _exp_on_last_quarter(rescale(fraction, integer_bits, 0))
    for exponent, factor in EXP_OF_MINUS_POWERS.items():
        if exponent < integer_bits:
            result = np.where(remainder & (1 << (fractional_bits + exponent)), multiply(result, factor), result)
    return np.where(a == 0, INT32_MAX, result)


def _reciprocal_of_half_sum(a: Ints) -> Ints:
    """2 / (1 + a) in Q2 for a in [0, 1] in Q0, by three Newton-Raphson steps."""
    half_denominator = (np.asarray(a, np.int64) + INT32_MAX + 1) >> 1
    x = FORTY_EIGHT_SEVENTEENTHS + multiply(half_denominator, -THIRTY_TWO_SEVENTEENTHS)
    for _ in range(3):
        error = ONE_Q2 - multiply(half_denominator, x)
        x = x + rescale(multiply(x, error), 4, 2)
    return x


def one_over_one_plus_x(a: Ints) -> Ints:
    """1 / (1 + a) in Q0 for a in [0, 1] in Q0 (gemmlowp's `one_over_one_plus_x_for_x_in_0_1`)."""
    return rescale(_reciprocal_of_half_sum(a), 1, 0)


def one_minus_x_over_one_plus_x(a: Ints) -> Ints:
    """(1 - a) / (1 + a) in Q0 for a in [0, 1] in Q0 (gemmlowp's `one_minus_x_over_one_plus_x_for_x_in_0_1`)."""
    return rescale(_reciprocal_of_half_sum(a) - ONE_Q2, 2, 0)


def logistic(a: Ints, integer_bits: int) -> Ints:
    """1 / (1 + exp(-a)) in Q0 for any a with `integer_bits` integer bits."""
    a = np.asarray(a, np.int64)
    upper = one_over_one_plus_x(exp_on_negative_values(-np.abs(a), integer_bits))
    return np.where(a == 0, 1 << 30, np.where(a > 0, upper, INT32_MAX - upper))


def tanh(a: Ints, integer_bits: int) -> Ints:
    """tanh(a) in Q0 for any a with `integer_bits` <= 4 integer bits."""
    a = np.asarray(a, np.int64)
    # exp(2a): the same raw value with one more integer bit.
    upper = one_minus_x_over_one_plus_x(exp_on_negative_values(-np.abs(a), integer_bits + 1))
    return np.where(a == 0, 0, np.where(a > 0, upper, -upper))


def _leading_zeros(x: Ints) -> Ints:
    """Of 0 <= x < 2**31 as 32 bits."""
    zeros: Ints = 32 - np.frexp(x.astype(np.float64))[1].astype(np.int64)
    return zeros


def _saturated(x: Ints) -> Ints:
    return np.clip(x, INT32_MIN, INT32_MAX)


def log(a: Ints) -> Ints:
    """log(a) with 5 integer bits for a >= 1 with 12 (TFLite's `log_x_for_x_greater_than_or_equal_to_1`).

    With a = r * 2**n, r around 2**-0.25, log(a) = n * log(2) + log(r); log(r) is a rational function.
    Source: TFLite kernels/internal/common.h.
    """
    a = np.asarray(a, np.int64)
    root = multiply(a, SQRT_HALF)
    zeros, root_zeros = _leading_zeros(a), _leading_zeros(root) - 1
    low = _saturated(multiply(_saturated(a << (zeros - 1)), SQRT_HALF) << 1)
    high = _saturated(a << root_zeros)
    quarter = 1 << 23
    power = np.maximum(_saturated((12 - zeros << 25) + quarter), _saturated((12 - root_zeros << 25) - quarter))
    r = np.minimum(low, high)
    q = 2 * (r - SQRT_SQRT_HALF)
    square = multiply(q, q)
    numerator = multiply(q, r) + multiply(multiply(q, square), LOG_NUMERATOR)
    middle = (r + SQRT_SQRT_HALF + 1) >> 1
    denominator = multiply(middle, LOG_DENOMINATOR_0 + q + multiply(square, LOG_DENOMINATOR_2)) + multiply(q, LOG_DENOMINATOR_1)
    quotient = multiply(rescale(numerator, 0, 6), one_over_one_plus_x(denominator))
    return rescale(multiply(power, LOG_2) + quotient, 6, 5)


def inverse_sqrt(x: Ints) -> tuple[Ints, Ints]:
    """(multiplier, shift) of 1 / sqrt(x), as for `fixedpoint.requantize`, for integers 0 <= x < 2**31; 0 counts as 1.

    Five Newton-Raphson steps from 1 on x brought to 1/4 to 1. Source: TFLite common.h `GetInvSqrtQuantizedMultiplierExp`.
    """
    x = np.asarray(x, np.int64)
    large = np.maximum(x, 2)
    right = np.zeros_like(large)
    for _ in range(2):
        too_large = large >= 1 << 29
        large, right = np.where(too_large, large // 4, large), right + too_large
    pairs = (_leading_zeros(large) - 1) // 2 - 1
    half = rounding_divide_by_power_of_two(large << (2 * pairs) >> 1, 1)
    y = np.full_like(large, ONE_Q3)
    for _ in range(5):
        cube = rescale(multiply(multiply(y, y), y), 9, 3)
        y = rescale(multiply(y, ONE_Q3 + ONE_Q3 // 2) - multiply(half, cube), 6, 3)
    shift = 11 + right - pairs
    multiplier = multiply(y, SQRT_HALF) << np.maximum(-shift, 0)
    return np.where(x <= 1, INT32_MAX, multiplier), np.where(x <= 1, 0, -np.maximum(shift, 0))
