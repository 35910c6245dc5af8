/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_auto_scale_s16.h"

void tk_auto_scale_s16(const int16_t *x, int16_t *y, int32_t *scale_bits, int32_t n)
{
    int32_t largest = 0;
    int32_t bits = 0;

    for (int32_t i = 0; i < n; ++i) {
        if (x[i] > largest) {
            largest = x[i];
        } else if (-(int32_t)x[i] > largest) {
            largest = (int16_t)-(int32_t)x[i];
        }
    }
    while (largest > 0 && largest < 1 << 14) {
        largest *= 2;
        ++bits;
    }
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int16_t)(x[i] * (INT32_C(1) << bits));
    }
    *scale_bits = bits;
}
