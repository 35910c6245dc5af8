/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fake_quant_f32.h"

#include "tk_round.h"

void tk_fake_quant_f32(const float *x, float *y, int32_t n, tk_range_f32 range, float scale)
{
    const float inverse = 1.0f / scale;

    for (int32_t i = 0; i < n; ++i) {
        const float value = x[i];
        float clamped = range.min;

        if (TK_IS_GREATER(value, range.min)) {
            clamped = value < range.max ? value : range.max;
        }
        y[i] = (float)tk_round_small((clamped - range.min) * inverse) * scale + range.min;
    }
}
