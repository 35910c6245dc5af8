/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_logistic_s16.h"

#include "tk_sigmoid_s16.h"

/* For v >= 0 and for -v, rounded halves up and halves down. */
static int32_t logistic(const int16_t *table, int32_t v)
{
    const int32_t half = INT32_C(1) << 24;
    const int32_t upper = tk_sigmoid_minus_half(table, v < 0 ? -v : v, 9, INT32_C(32766) * 512);

    return (v < 0 ? half - upper + 511 : half + upper + 512) >> 10;
}

void tk_logistic_s16(const int16_t *x, const int16_t *table, int16_t *y, int32_t n, int32_t multiplier, int32_t shift)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int16_t)logistic(table, tk_sigmoid_argument(x[i], multiplier, shift));
    }
}
