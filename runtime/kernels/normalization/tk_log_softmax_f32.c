/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_log_softmax_f32.h"

#include <float.h>
#include <math.h>

static void log_softmax_row(const float *x, float *y, int32_t n)
{
    float max = -FLT_MAX;
    float sum = 0.0f;

    for (int32_t i = 0; i < n; ++i) {
        max = max < x[i] ? x[i] : max;
    }
    for (int32_t i = 0; i < n; ++i) {
        sum += expf(x[i] - max);
    }
    sum = logf(sum);
    for (int32_t i = 0; i < n; ++i) {
        y[i] = x[i] - max - sum;
    }
}

void tk_log_softmax_f32(const float *x, float *y, int32_t rows, int32_t cols)
{
    for (int32_t row = 0; row < rows; ++row) {
        log_softmax_row(x + row * cols, y + row * cols, cols);
    }
}
