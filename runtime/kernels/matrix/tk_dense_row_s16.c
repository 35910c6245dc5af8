/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_row_s16.h"

void tk_dense_row_s16(const int16_t *restrict x, const int8_t *restrict w, int64_t *restrict sums, int32_t length,
                      int32_t depth, int32_t outputs, int32_t first)
{
    for (int32_t o = 0; o < outputs; ++o) {
        const int8_t *const weights = w + o * depth + first;
        int64_t sum = first > 0 ? sums[o] : 0;

        for (int32_t i = 0; i < length; ++i) {
            sum += (int32_t)x[i] * weights[i];
        }
        sums[o] = sum;
    }
}
