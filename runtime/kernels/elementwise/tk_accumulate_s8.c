/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_accumulate_s8.h"

void tk_accumulate_s8(const int8_t *x, int32_t *sum, int32_t n, int32_t offset, int32_t first)
{
    for (int32_t i = 0; i < n; ++i) {
        sum[i] = (first != 0 ? 0 : sum[i]) + x[i] + offset;
    }
}
