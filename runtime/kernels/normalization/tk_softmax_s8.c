/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_softmax_s8.h"

#include "tk_fixed_point.h"
#include "tk_math.h"

static int32_t largest(const int8_t *x, int32_t n)
{
    int32_t max = INT8_MIN;

    for (int32_t i = 0; i < n; ++i) {
        max = x[i] > max ? x[i] : max;
    }
    return max;
}

void tk_softmax_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t columns, int32_t multiplier, int32_t shift,
                   int32_t diff_min)
{
    const int32_t scale = (int32_t)1 << shift;

    for (int32_t row = 0; row < rows; ++row) {
        const int32_t max = largest(x, columns);
        int32_t sum = 0; /* in Q12 */

        for (int32_t i = 0; i < columns; ++i) {
            if (x[i] - max >= diff_min) {
                sum += tk_rounding_shift(tk_exp_of_negative(tk_high_multiply((x[i] - max) * scale, multiplier)), 12);
            }
        }
        const int32_t bits = tk_bit_length((uint32_t)sum); /* at least 20, for the largest element alone */
        const int32_t inverse = tk_one_over_one_plus((int32_t)(((uint32_t)sum << (32 - bits)) - 0x80000000u));
        const int32_t right = bits + 3;

        for (int32_t i = 0; i < columns; ++i) {
            int32_t result = INT8_MIN;

            if (x[i] - max >= diff_min && right < 32) {
                const int32_t power = tk_exp_of_negative(tk_high_multiply((x[i] - max) * scale, multiplier));

                result += tk_rounding_shift(tk_high_multiply(inverse, power), right);
            }
            y[i] = tk_limit_s8(result, INT8_MIN, INT8_MAX);
        }
        x += columns;
        y += columns;
    }
}
