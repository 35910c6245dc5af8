/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_l2_normalization_f32.h"

#include <math.h>

static void normalize_row(const float *x, float *y, int32_t n)
{
    const float epsilon = 1e-6f;
    float sum = 0.0f;
    float norm;

    for (int32_t i = 0; i < n; ++i) {
        sum += x[i] * x[i];
    }
    norm = sqrtf(sum);
    norm = norm < epsilon ? epsilon : norm;
    for (int32_t i = 0; i < n; ++i) {
        y[i] = x[i] / norm;
    }
}

void tk_l2_normalization_f32(const float *x, float *y, int32_t rows, int32_t cols)
{
    for (int32_t row = 0; row < rows; ++row) {
        normalize_row(x + row * cols, y + row * cols, cols);
    }
}
