/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_add_f32.h"

#include "tk_pairwise.h"

static inline float sum(float a, float b)
{
    return a + b;
}

void tk_add_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape, tk_range_f32 range)
{
    tk_pairwise_clamped_f32(x1, x2, y, shape, range, sum);
}
