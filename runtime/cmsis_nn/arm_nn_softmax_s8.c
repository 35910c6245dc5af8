/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

/* Fixed point: Q5.26 has 5 integer and 26 fraction bits, Q0.31 none and 31. All products round as arm_nn_high_mul does. */
static const int32_t quarter_q5_26 = INT32_C(1) << 24;
enum { SUM_INTEGER_BITS = 12 };

/* exp(x) in Q0.31 for -1/4 <= x < 0 in Q0.31: Taylor series of degree 4 around -1/8. */
static int32_t exp_below_quarter(int32_t x)
{
    const int32_t exp_of_minus_eighth = 1895147668;
    const int32_t third = 715827883;
    const int32_t t = x + ((int32_t)1 << 28);
    const int32_t t2 = arm_nn_high_mul(t, t);
    const int32_t t3 = arm_nn_high_mul(t2, t);
    const int32_t t4_4 = arm_nn_rounding_shift_right(arm_nn_high_mul(t2, t2), 2);
    const int32_t rest = arm_nn_rounding_shift_right(arm_nn_high_mul(t4_4 + t3, third) + t2, 1);
    return exp_of_minus_eighth + arm_nn_high_mul(exp_of_minus_eighth, t + rest);
}

/* exp(x) in Q0.31 for x <= 0 in Q5.26: the part below 1/4 by series, the rest bit by bit from exp(-2^k), k = -2..4. */
static int32_t exp_nonpositive(int32_t x)
{
    static const int32_t exp_of_minus_power[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    if (x == 0) {
        return INT32_MAX;
    }
    const int32_t fraction = (x & (quarter_q5_26 - 1)) - quarter_q5_26;
    const int32_t quarters = (fraction - x) / quarter_q5_26;
    int32_t result = exp_below_quarter(fraction * 32);
    for (int32_t i = 0; i < 7; i++) {
        if (quarters >> i & 1) {
            result = arm_nn_high_mul(result, exp_of_minus_power[i]);
        }
    }
    return result;
}

static int32_t saturating_shift_left(int32_t x, int32_t bits)
{
    const int32_t limit = INT32_MAX >> bits;
    if (x > limit) {
        return INT32_MAX;
    }
    return x < -limit ? INT32_MIN : x * ((int32_t)1 << bits);
}

/* 1 / (1 + x) in Q0.31 for 0 <= x < 1 in Q0.31: three Newton steps in Q2.29 from 48/17 - 32/17 * (1 + x) / 2. Nothing overflows
 * for any such x (all were tried): the contract, in the language of Frama-C, lets a proof of the whole take that for granted.
 */
/*@ requires range: 0 <= x;
    assigns \result \from x;
    ensures range: 1 << 29 <= \result;
*/
static int32_t reciprocal_of_one_plus(int32_t x)
{
    const int32_t half_of_one_plus_x = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
    int32_t y = 1515870810 + arm_nn_high_mul(half_of_one_plus_x, -1010580540);
    for (int32_t i = 0; i < 3; i++) {
        const int32_t error = ((int32_t)1 << 29) - arm_nn_high_mul(half_of_one_plus_x, y);
        y += saturating_shift_left(arm_nn_high_mul(y, error), 2);
    }
    return saturating_shift_left(y, 1);
}

/* x > 0. */
static int32_t leading_zeros(int32_t x)
{
    int32_t zeros = 0;
    for (uint32_t bit = 0x80000000u; ((uint32_t)x & bit) == 0; bit >>= 1) {
        zeros++;
    }
    return zeros;
}

static int32_t row_max(const int8_t *x, int32_t size)
{
    int32_t max = x[0];
    for (int32_t i = 1; i < size; i++) {
        max = arm_nn_max(max, x[i]);
    }
    return max;
}

static void store(void *out, int32_t i, int32_t bits, int32_t y)
{
    if (bits == 8) {
        ((int8_t *)out)[i] = (int8_t)y;
    } else {
        ((int16_t *)out)[i] = (int16_t)y;
    }
}

static void softmax_row(
    const int8_t *x, int32_t size, int32_t factor, int32_t scale, int32_t diff_min, int32_t bits, void *out)
{
    const int32_t max = row_max(x, size);
    int32_t sum = 0;
    for (int32_t i = 0; i < size; i++) {
        const int32_t diff = arm_nn_min(x[i] - max, 0); /* 0 at most: said for those who prove that */
        if (diff >= diff_min) {
            const int32_t e = exp_nonpositive(arm_nn_high_mul(diff * scale, factor));
            sum += arm_nn_rounding_shift_right(e, SUM_INTEGER_BITS);
        }
    }
    sum = arm_nn_max(sum, 1); /* nothing counts if diff_min is positive */
    const int32_t headroom = leading_zeros(sum);
    const int32_t inverse = reciprocal_of_one_plus((int32_t)(((uint32_t)sum << headroom) & 0x7fffffffu));
    const int32_t shift = SUM_INTEGER_BITS - headroom + 31 - bits;
    const int32_t lowest = -((int32_t)1 << (bits - 1));
    for (int32_t i = 0; i < size; i++) {
        int32_t y = lowest;
        const int32_t diff = arm_nn_min(x[i] - max, 0);
        if (diff >= diff_min) {
            const int32_t e = exp_nonpositive(arm_nn_high_mul(diff * scale, factor));
            y = arm_nn_min(lowest + arm_nn_rounding_shift_right(arm_nn_high_mul(inverse, e), shift), -lowest - 1);
        }
        store(out, i, bits, y);
    }
}

void arm_nn_softmax_s8(const int8_t *input,
                       int32_t rows,
                       int32_t size,
                       int32_t factor,
                       int32_t shift,
                       int32_t diff_min,
                       int32_t bits,
                       void *out)
{
    int8_t *row = out;
    for (int32_t i = 0; i < rows; i++) {
        softmax_row(input, size, factor, (int32_t)1 << shift, diff_min, bits, row);
        input += size;
        row += size * (bits / 8);
    }
}
