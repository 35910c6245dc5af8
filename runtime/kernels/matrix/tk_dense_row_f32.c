/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_row_f32.h"

#include "tk_dot_f32.h"

void tk_dense_row_f32(const float *restrict x, const float *restrict w, float *restrict sums, int32_t length,
                      int32_t depth, int32_t outputs, int32_t first)
{
    for (int32_t o = 0; o < outputs; ++o) {
        sums[o] = tk_dot1_f32(first > 0 ? sums[o] : 0.0f, x, w + o * depth + first, length);
    }
}
