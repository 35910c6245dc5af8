/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_add_row_f32.h"

void tk_add_row_f32(const float *restrict x, float *restrict sums, int32_t pixels, int32_t channels, int32_t fresh)
{
    for (int32_t c = 0; c < channels; ++c) {
        float sum = fresh ? 0.0f : sums[c];

        for (int32_t p = 0; p < pixels; ++p) {
            sum += x[p * channels + c];
        }
        sums[c] = sum;
    }
}
