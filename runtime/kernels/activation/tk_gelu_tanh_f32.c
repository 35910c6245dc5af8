/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_gelu_tanh_f32.h"

#include <math.h>

void tk_gelu_tanh_f32(const float *x, float *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        const float cubic = x[i] + 0.044715f * x[i] * x[i] * x[i];

        y[i] = 0.5f * x[i] * (1.0f + tanhf(0.79788456080286535588f * cubic));
    }
}
