/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_to_complex_f32.h"

void tk_to_complex_f32(const float *x, float *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[2 * i] = x[i];
        y[2 * i + 1] = 0.0f;
    }
}
