/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_atan2_f32.h"

#include <math.h>

#include "tk_pairwise.h"

static inline float angle(float a, float b)
{
    return atan2f(a, b);
}

void tk_atan2_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape)
{
    tk_pairwise_f32(x1, x2, y, shape, angle);
}
