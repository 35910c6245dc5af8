/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tan_f32.h"

#include <math.h>

void tk_tan_f32(const float *x, float *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = tanf(x[i]);
    }
}
