/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dynamic_quantize_f32_s8.h"

#include "tk_round.h"

void tk_dynamic_quantize_f32_s8(const float *restrict x, int32_t n, int8_t *restrict y, float *restrict scale,
                                int8_t *restrict zero)
{
    float low = 0.0f;
    float high = 0.0f;
    float step;
    int32_t start;

    for (int32_t i = 0; i < n; ++i) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    step = high > low ? (high - low) / 255.0f : 1.0f;
    start = tk_round_to_code_even(-low / step, 0, 0, 255) - 128;
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int8_t)tk_round_to_code_even(x[i] / step, start, INT8_MIN, INT8_MAX);
    }
    *scale = step;
    *zero = (int8_t)start;
}
