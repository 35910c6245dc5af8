/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_neg_s64.h"

void tk_neg_s64(const int64_t *x, int64_t *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int64_t)(0u - (uint64_t)x[i]);
    }
}
