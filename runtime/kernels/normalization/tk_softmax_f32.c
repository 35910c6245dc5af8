/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_softmax_f32.h"

#include <float.h>
#include <math.h>

static void softmax_row(const float *x, float *y, int32_t n, float beta)
{
    float max = -FLT_MAX;
    float sum = 0.0f;

    for (int32_t i = 0; i < n; ++i) {
        max = max < x[i] ? x[i] : max;
    }
    for (int32_t i = 0; i < n; ++i) {
        y[i] = expf((x[i] - max) * beta);
        sum += y[i];
    }
    for (int32_t i = 0; i < n; ++i) {
        y[i] /= sum;
    }
}

void tk_softmax_f32(const float *x, float *y, int32_t rows, int32_t cols, float beta)
{
    for (int32_t row = 0; row < rows; ++row) {
        softmax_row(x + row * cols, y + row * cols, cols, beta);
    }
}
