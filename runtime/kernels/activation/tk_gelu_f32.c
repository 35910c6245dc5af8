/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_gelu_f32.h"

#include <math.h>

void tk_gelu_f32(const float *x, float *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = 0.5f * x[i] * erfcf(x[i] * -0.70710678118654752440f);
    }
}
