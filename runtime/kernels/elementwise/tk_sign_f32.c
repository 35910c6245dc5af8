/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sign_f32.h"

void tk_sign_f32(const float *x, float *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = x[i] > 0.0f ? 1.0f : (x[i] < 0.0f ? -1.0f : x[i]);
    }
}
