/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dequantize_s8_f32.h"

void tk_dequantize_s8_f32(const int8_t *restrict x, float *restrict y, int32_t n, float scale, int32_t zero_point)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = scale * (float)(x[i] - zero_point);
    }
}
