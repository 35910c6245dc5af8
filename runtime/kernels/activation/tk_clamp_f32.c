/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_clamp_f32.h"

#include "tk_math.h"

void tk_clamp_f32(const float *x, float *y, int32_t n, tk_range_f32 range)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = tk_limit_f32(x[i], range);
    }
}
