/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_curve_s8_s16.h"

void tk_curve_s8_s16(const int8_t *x, int16_t *y, int32_t n, const tk_curve *curve)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int16_t)tk_curve_at(curve, (int32_t)x[i] - INT8_MIN);
    }
}
