/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_neg_s32.h"

void tk_neg_s32(const int32_t *x, int32_t *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int32_t)(0u - (uint32_t)x[i]);
    }
}
