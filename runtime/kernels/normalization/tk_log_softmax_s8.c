/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_log_softmax_s8.h"

#include "tk_fixed_point.h"
#include "tk_math.h"

static int32_t largest(const int8_t *x, int32_t n)
{
    int32_t max = INT8_MIN;

    for (int32_t i = 0; i < n; ++i) {
        max = max < x[i] ? x[i] : max;
    }
    return max;
}

static int32_t log_of_sum(const int8_t *x, int32_t n, int32_t max, const tk_log_softmax_s8_params *params)
{
    int32_t sum = 0; /* in Q12 */

    for (int32_t i = 0; i < n; ++i) {
        const int32_t difference = x[i] - max;

        if (difference >= params->diff_min) {
            const int32_t scaled = tk_requantize(difference, params->multiplier, params->shift);

            sum += tk_rounding_shift(tk_exp_of_negative(scaled), 12);
        }
    }
    return tk_log(sum);
}

static void log_softmax_row(const int8_t *x, int8_t *y, int32_t n, tk_log_softmax_s8_params p)
{
    const int32_t max = largest(x, n);
    const int32_t log_sum = log_of_sum(x, n, max, &p);
    const int32_t floor = tk_requantize(log_sum + INT32_MIN, p.reverse_multiplier, p.reverse_shift);
    const int32_t lowest = floor < p.diff_min - 1 ? p.diff_min - 1 : floor;

    for (int32_t i = 0; i < n; ++i) {
        const int32_t difference = x[i] - max;
        int32_t result = INT8_MIN;

        if (difference > lowest) {
            result = 127 + tk_rounding_shift(tk_requantize(difference, p.multiplier, p.shift) - log_sum, 22);
        }
        y[i] = tk_limit_s8(result, INT8_MIN, INT8_MAX);
    }
}

void tk_log_softmax_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t cols,
                       const tk_log_softmax_s8_params *params)
{
    for (int32_t row = 0; row < rows; ++row) {
        log_softmax_row(x + row * cols, y + row * cols, cols, *params);
    }
}
