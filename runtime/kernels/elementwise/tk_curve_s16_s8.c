/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_curve_s16_s8.h"

void tk_curve_s16_s8(const int16_t *x, int8_t *y, int32_t n, const tk_curve *curve)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int8_t)tk_curve_at(curve, (int32_t)x[i] - INT16_MIN);
    }
}
