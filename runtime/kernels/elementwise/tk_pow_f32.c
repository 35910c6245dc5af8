/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_pow_f32.h"

#include <math.h>

#include "tk_pairwise.h"

static inline float power(float a, float b)
{
    return powf(a, b);
}

void tk_pow_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape)
{
    tk_pairwise_f32(x1, x2, y, shape, power);
}
