/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_minimum_f32.h"

#include "tk_pairwise.h"

static inline float smaller(float a, float b)
{
    return a < b ? a : b;
}

void tk_minimum_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape)
{
    tk_pairwise_f32(x1, x2, y, shape, smaller);
}
