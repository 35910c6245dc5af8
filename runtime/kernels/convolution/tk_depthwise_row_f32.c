/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_row_f32.h"

void tk_depthwise_row_f32(const float *restrict x, const float *restrict w, float *restrict sums, int32_t pixels,
                          int32_t channels, int32_t multiplier, int32_t row)
{
    const int32_t outputs = channels * multiplier;
    const int32_t taps = row * pixels * outputs;

    for (int32_t c = 0; c < channels; ++c) {
        for (int32_t o = c * multiplier; o < (c + 1) * multiplier; ++o) {
            float sum = row > 0 ? sums[o] : 0.0f;

            for (int32_t j = 0; j < pixels; ++j) {
                sum += x[j * channels + c] * w[taps + j * outputs + o];
            }
            sums[o] = sum;
        }
    }
}
