/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_l2_normalization_s8.h"

#include "tk_fixed_point.h"
#include "tk_math.h"

static void normalize_row(const int8_t *x, int8_t *y, int32_t n, int32_t zero_point, int32_t early)
{
    int32_t sum = 0;
    int32_t shift;
    int32_t multiplier;

    for (int32_t i = 0; i < n; ++i) {
        sum += (x[i] - zero_point) * (x[i] - zero_point);
    }
    multiplier = tk_inverse_sqrt(sum, &shift);
    for (int32_t i = 0; i < n; ++i) {
        const int32_t value = (x[i] - zero_point) * (INT32_C(1) << early);

        y[i] = tk_limit_s8(tk_requantize(value, multiplier, shift + 7 - early), INT8_MIN, INT8_MAX);
    }
}

void tk_l2_normalization_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t cols, int32_t zero_point, int32_t early)
{
    for (int32_t row = 0; row < rows; ++row) {
        normalize_row(x + row * cols, y + row * cols, cols, zero_point, early);
    }
}
