/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sqrt_s16.h"

#include <math.h>

void tk_sqrt_s16(const int16_t *x, int16_t *y, int32_t n, float x_scale, float y_scale)
{
    for (int32_t i = 0; i < n; ++i) {
        const float root = x[i] > 0 ? sqrtf(x_scale * (float)x[i]) / y_scale : 0.0f;

        y[i] = root < 32767.0f ? (int16_t)root : INT16_MAX;
    }
}
