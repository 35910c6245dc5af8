/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_local_response_f32.h"

#include <math.h>

void tk_local_response_f32(const float *x, float *y, int32_t rows, int32_t cols, int32_t radius, float bias, float alpha,
                           float beta)
{
    for (int32_t row = 0; row < rows; ++row) {
        const int32_t start = row * cols;

        for (int32_t c = 0; c < cols; ++c) {
            const int32_t first = c > radius ? c - radius : 0;
            const int32_t end = cols - c > radius ? c + radius : cols;
            float sum = 0.0f;

            for (int32_t k = first; k < end; ++k) {
                sum += x[start + k] * x[start + k];
            }
            y[start + c] = x[start + c] * powf(bias + alpha * sum, -beta);
        }
    }
}
