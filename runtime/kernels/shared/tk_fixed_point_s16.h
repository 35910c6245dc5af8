/* SPDX-License-Identifier: Apache-2.0 */
/* logistic and tanh of 16-bit fixed-point numbers as gemmlowp defines them, bit for bit. Internal.
 *
 * A number in Qn stands for value * 2^(n - 15): n integer bits. 1 in Q0 is INT16_MAX. */
#ifndef TK_FIXED_POINT_S16_H
#define TK_FIXED_POINT_S16_H

#include <stdint.h>

#include "tk_math.h"

#ifdef __cplusplus
extern "C" {
#endif

/* round(a * b / 2^15), halves towards +infinity; not for both INT16_MIN. */
static inline int32_t tk_high_multiply_s16(int32_t a, int32_t b)
{
    return (a * b + (1 << 14)) >> 15;
}

/* x * 2^left, saturated. */
static inline int32_t tk_saturating_shift_s16(int32_t x, int32_t left)
{
    return tk_limit_s32(x * (INT32_C(1) << left), INT16_MIN, INT16_MAX);
}

/* exp(a) in Q0 for a <= 0, 2 <= n <= 7: a polynomial for the fraction modulo 1/4, a factor for each higher bit of -a. */
static inline int32_t tk_exp_of_negative_s16(int32_t a, int32_t n)
{
    static const int16_t factors[7] = {25520, 19875, 12055, 4435, 600, 11, 0};
    const int32_t quarter = INT32_C(1) << (13 - n);
    const int32_t fraction = (a & (quarter - 1)) - quarter;
    const int32_t remainder = fraction - a;
    const int32_t x = tk_saturating_shift_s16(fraction, n) + (1 << 12);
    const int32_t x2 = tk_high_multiply_s16(x, x);
    const int32_t x3 = tk_high_multiply_s16(x2, x);
    const int32_t x4 = tk_rounding_shift(tk_high_multiply_s16(x2, x2), 2);
    const int32_t higher = tk_rounding_shift(tk_high_multiply_s16(x4 + x3, 10923) + x2, 1);
    int32_t result = tk_limit_s32(28918 + tk_high_multiply_s16(x + higher, 28918), 0, INT16_MAX);

    if (a == 0) {
        return INT16_MAX;
    }
    if (n > 5 && a < -(INT32_C(1) << (20 - n))) { /* -32 */
        return 0;
    }
    for (int32_t i = 0; i < 7 && i < n + 2; ++i) {
        if ((remainder & (quarter << i)) != 0) {
            result = tk_high_multiply_s16(result, factors[i]);
        }
    }
    return result;
}

/* 2 / (1 + a) in Q2 for a in [0, 1] in Q0: three Newton-Raphson steps. */
static inline int32_t tk_reciprocal_of_half_sum_s16(int32_t a)
{
    const int32_t half_sum = (a + INT16_MAX + 1) >> 1;
    int32_t x = 23130 + tk_high_multiply_s16(half_sum, -15420);

    for (int32_t i = 0; i < 3; ++i) {
        const int32_t error = (1 << 13) - tk_high_multiply_s16(half_sum, x);

        x += tk_saturating_shift_s16(tk_high_multiply_s16(x, error), 2);
    }
    return x;
}

/* 1 / (1 + exp(-a)) in Q0 for a in Q3. */
static inline int16_t tk_logistic_q3(int32_t a)
{
    const int32_t denominator = tk_exp_of_negative_s16(a > 0 ? -a : a, 3);
    const int32_t upper = tk_saturating_shift_s16(tk_reciprocal_of_half_sum_s16(denominator), 1);

    return (int16_t)(a == 0 ? 1 << 14 : a > 0 ? upper : INT16_MAX - upper);
}

/* tanh(a) in Q0 for a in Qn, 1 <= n <= 6. */
static inline int16_t tk_tanh_qn(int32_t a, int32_t n)
{
    const int32_t half_sum = tk_reciprocal_of_half_sum_s16(tk_exp_of_negative_s16(a > 0 ? -a : a, n + 1));
    const int32_t upper = tk_saturating_shift_s16(half_sum - (1 << 13), 2);

    return (int16_t)(a == 0 ? 0 : a > 0 ? upper : -upper);
}

#ifdef __cplusplus
}
#endif

#endif
