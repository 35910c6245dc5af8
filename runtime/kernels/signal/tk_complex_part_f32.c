/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_complex_part_f32.h"

void tk_complex_part_f32(const float *x, float *y, int32_t n, int32_t part)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = x[2 * i + part];
    }
}
