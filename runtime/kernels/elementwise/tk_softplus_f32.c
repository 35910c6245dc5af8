/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_softplus_f32.h"

#include <math.h>

void tk_softplus_f32(const float *x, float *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (x[i] > 0.0f ? x[i] : 0.0f) + log1pf(expf(-fabsf(x[i])));
    }
}
