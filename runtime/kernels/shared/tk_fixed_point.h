/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of fixed-point numbers as gemmlowp and TensorFlow Lite define them, bit for bit. Internal.
 *
 * A number in Qn is an int32_t that stands for value * 2^(n - 31): n integer bits. 1 in Q0 is INT32_MAX. */
#ifndef TK_FIXED_POINT_H
#define TK_FIXED_POINT_H

#include <stdint.h>

#include "tk_math.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bits that x needs: 0 for 0, 32 from 2^31 on. */
static inline int32_t tk_bit_length(uint32_t x)
{
    int32_t bits = 0;

    for (uint32_t rest = x; rest != 0; rest >>= 1) {
        bits += 1;
    }
    return bits;
}

/* x * 2^left, saturated. 0 <= left <= 30. */
static inline int32_t tk_saturating_shift(int32_t x, int32_t left)
{
    const int64_t wide = (int64_t)x * ((int64_t)1 << left);

    return wide > INT32_MAX ? INT32_MAX : wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

/* 1 / (1 + a) for 0 <= a <= 1, both in Q0: three Newton-Raphson steps. */
static inline int32_t tk_one_over_one_plus(int32_t a)
{
    const int32_t half_sum = (int32_t)(((int64_t)a + INT32_MAX + 1) >> 1);
    int32_t x = 1515870810 + tk_high_multiply(half_sum, -1010580540); /* 48/17 - 32/17 * half_sum, in Q2 */

    for (int32_t i = 0; i < 3; ++i) {
        const int32_t error = (INT32_C(1) << 29) - tk_high_multiply(half_sum, x);

        x += tk_saturating_shift(tk_high_multiply(x, error), 2);
    }
    return tk_saturating_shift(x, 1);
}

/* exp(a) in Q0 for a <= 0 in Q5: a polynomial for the fraction modulo 1/4, a factor for each higher bit of -a. */
static inline int32_t tk_exp_of_negative(int32_t a)
{
    static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    const int32_t quarter = INT32_C(1) << 24;
    const int32_t fraction = (a & (quarter - 1)) - quarter;
    const int32_t remainder = fraction - a;
    const int32_t x = fraction * 32 + (INT32_C(1) << 28);
    const int32_t x2 = tk_high_multiply(x, x);
    const int32_t x3 = tk_high_multiply(x2, x);
    const int32_t x4 = tk_rounding_shift(tk_high_multiply(x2, x2), 2);
    const int32_t higher = tk_rounding_shift(tk_high_multiply(x4 + x3, 715827883) + x2, 1);
    int32_t result = 1895147668 + tk_high_multiply(x + higher, 1895147668);

    for (int32_t i = 0; i < 7; ++i) {
        if ((remainder & (quarter << i)) != 0) {
            result = tk_high_multiply(result, factors[i]);
        }
    }
    return a == 0 ? INT32_MAX : result;
}

/* log(a) in Q5 for a >= 1 in Q12: a = r * 2^power with r around 2^(-1/4), log(r) by a rational function. */
static inline int32_t tk_log(int32_t a)
{
    const int32_t sqrt_half = 1518500250;
    const int32_t sqrt_sqrt_half = 1805811301;
    const int32_t quarter = INT32_C(1) << 23;
    const int32_t root = tk_high_multiply(a, sqrt_half);
    const int32_t zeros = 32 - tk_bit_length((uint32_t)a);
    const int32_t root_zeros = 31 - tk_bit_length((uint32_t)root);
    const int32_t low = tk_saturating_shift(tk_high_multiply(tk_saturating_shift(a, zeros - 1), sqrt_half), 1);
    const int32_t high = tk_saturating_shift(a, root_zeros);
    const int32_t low_power = (12 - zeros) * (INT32_C(1) << 25) + quarter;
    const int32_t high_power = (12 - root_zeros) * (INT32_C(1) << 25) - quarter;
    const int32_t power = low_power > high_power ? low_power : high_power;
    const int32_t r = low < high ? low : high;
    const int32_t q = 2 * (r - sqrt_sqrt_half);
    const int32_t square = tk_high_multiply(q, q);
    const int32_t numerator = tk_high_multiply(q, r) + tk_high_multiply(tk_high_multiply(q, square), 117049297);
    const int32_t middle = (int32_t)(((int64_t)r + sqrt_sqrt_half + 1) >> 1);
    const int32_t denominator = tk_high_multiply(middle, 1057819769 + q + tk_high_multiply(square, 127690142))
                                + tk_high_multiply(q, 638450708);
    const int32_t quotient = tk_high_multiply(tk_rounding_shift(numerator, 6), tk_one_over_one_plus(denominator));

    return tk_saturating_shift(tk_high_multiply(power, 1488522236) + quotient, 1);
}

/* 1 / sqrt(x) for an integer x >= 0, 0 counting as 1, as the returned multiplier * 2^(*shift - 31); -13 <= *shift <= 0.
 * Five Newton-Raphson steps in Q3. */
static inline int32_t tk_inverse_sqrt(int32_t x, int32_t *shift)
{
    const int32_t one = INT32_C(1) << 28;
    int32_t large = x;
    int32_t right = 11;
    int32_t y = one;

    if (x <= 1) {
        *shift = 0;
        return INT32_MAX;
    }
    while (large >= (INT32_C(1) << 29)) {
        large /= 4;
        right += 1;
    }

    const int32_t pairs = (31 - tk_bit_length((uint32_t)large)) / 2 - 1;
    const int32_t half = tk_rounding_shift((int32_t)((uint32_t)large << (2 * pairs)) >> 1, 1);

    for (int32_t i = 0; i < 5; ++i) {
        const int32_t cube = tk_saturating_shift(tk_high_multiply(tk_high_multiply(y, y), y), 6);

        y = tk_saturating_shift(tk_high_multiply(y, one + one / 2) - tk_high_multiply(half, cube), 3);
    }
    right -= pairs;
    y = tk_high_multiply(y, 1518500250);
    *shift = right > 0 ? -right : 0;
    return right < 0 ? (int32_t)((uint32_t)y << -right) : y;
}

#ifdef __cplusplus
}
#endif

#endif
