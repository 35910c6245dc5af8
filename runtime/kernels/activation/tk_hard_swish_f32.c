/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_hard_swish_f32.h"

#include "tk_math.h"

void tk_hard_swish_f32(const float *x, float *y, int32_t n)
{
    const tk_range_f32 gate = {0.0f, 6.0f};

    for (int32_t i = 0; i < n; ++i) {
        y[i] = x[i] * tk_limit_f32(x[i] + 3.0f, gate) / 6.0f;
    }
}
