/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_complex_abs_f32.h"

#include <float.h>
#include <math.h>

static float magnitude(float re, float im)
{
    const float a = fabsf(re);
    const float b = fabsf(im);
    const float large = a > b ? a : b;
    const float small = a > b ? b : a;

    if (a > FLT_MAX || b > FLT_MAX) {
        return INFINITY;
    }
    if (large > 0.0f && small == small) {
        const float ratio = small / large;

        return large * sqrtf(1.0f + ratio * ratio);
    }
    return a + b; /* 0, or NaN */
}

void tk_complex_abs_f32(const float *x, float *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = magnitude(x[2 * i], x[2 * i + 1]);
    }
}
