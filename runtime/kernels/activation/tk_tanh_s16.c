/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tanh_s16.h"

#include "tk_sigmoid_s16.h"

/* 2 * sigmoid(2 * v) - 1; for v >= 0 and for -v, rounded halves up and halves down. */
static int32_t tangent(const int16_t *table, int32_t v)
{
    const int32_t upper = tk_sigmoid_minus_half(table, v < 0 ? -v : v, 8, INT32_C(32767) * 256);

    return (v < 0 ? 127 - upper : 128 + upper) >> 8;
}

void tk_tanh_s16(const int16_t *x, const int16_t *table, int16_t *y, int32_t n, int32_t multiplier, int32_t shift)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int16_t)tangent(table, tk_sigmoid_argument(x[i], multiplier, shift));
    }
}
