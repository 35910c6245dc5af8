/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_neg_s16.h"

void tk_neg_s16(const int16_t *x, int16_t *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int16_t)-(int32_t)x[i];
    }
}
