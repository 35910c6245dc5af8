/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_determinant_f32.h"

#include <math.h>

static int32_t pivot_of(const float *m, int32_t n, int32_t column)
{
    int32_t best = column;

    for (int32_t row = column + 1; row < n; ++row) {
        if (fabsf(m[row * n + column]) > fabsf(m[best * n + column])) {
            best = row;
        }
    }
    return best;
}

static void exchange(float *m, int32_t n, int32_t first, int32_t second)
{
    for (int32_t i = 0; i < n; ++i) {
        const float held = m[first * n + i];

        m[first * n + i] = m[second * n + i];
        m[second * n + i] = held;
    }
}

static float determinant(float *m, int32_t n)
{
    float result = 1.0f;

    for (int32_t column = 0; column < n; ++column) {
        const int32_t pivot = pivot_of(m, n, column);

        if (pivot != column) {
            exchange(m, n, pivot, column);
            result = -result;
        }
        result *= m[column * n + column];
        if (m[column * n + column] == 0.0f) {
            return 0.0f;
        }
        for (int32_t row = column + 1; row < n; ++row) {
            const float factor = m[row * n + column] / m[column * n + column];

            for (int32_t i = column + 1; i < n; ++i) {
                m[row * n + i] -= factor * m[column * n + i];
            }
        }
    }
    return result;
}

void tk_determinant_f32(const float *restrict x, float *restrict y, float *restrict matrix, int32_t count, int32_t n)
{
    for (int32_t item = 0; item < count; ++item) {
        for (int32_t i = 0; i < n * n; ++i) {
            matrix[i] = x[item * n * n + i];
        }
        y[item] = determinant(matrix, n);
    }
}
