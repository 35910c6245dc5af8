/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_pairwise_probabilities_f32.h"

#include <math.h>

#define EDGE 1e-7f
#define CLOSE 0.005f
#define LEAST_ITERATIONS 100

static float won(float score, float slope, float offset)
{
    const float value = score * slope + offset;
    const float logistic = 1.0f / (1.0f + expf(-fabsf(value)));
    const float probability = 1.0f - (value < 0.0f ? 1.0f - logistic : logistic);

    if (probability < EDGE) {
        return EDGE;
    }
    return probability > 1.0f - EDGE ? 1.0f - EDGE : probability;
}

/* q[i][j] = -r[j][i] * r[i][j]; q[i][i] = the sum of r[j][i]**2, r[i][j] being the probability of i against j. */
static void fill(const float *x, const float *slopes, const float *offsets, float *q, int32_t k)
{
    int32_t pair = 0;

    for (int32_t i = 0; i < k; ++i) {
        q[i * k + i] = 0.0f;
    }
    for (int32_t i = 0; i < k; ++i) {
        for (int32_t j = i + 1; j < k; ++j, ++pair) {
            const float here = won(x[pair], slopes[pair], offsets[pair]);
            const float there = 1.0f - here;

            q[i * k + j] = -(there * here);
            q[j * k + i] = -(there * here);
            q[i * k + i] += there * there;
            q[j * k + j] += here * here;
        }
    }
}

/* product = q p; p times it. */
static float multiply(const float *q, const float *p, float *product, int32_t k)
{
    float total = 0.0f;

    for (int32_t i = 0; i < k; ++i) {
        product[i] = 0.0f;
        for (int32_t j = 0; j < k; ++j) {
            product[i] += q[i * k + j] * p[j];
        }
        total += p[i] * product[i];
    }
    return total;
}

static void couple(const float *q, float *p, float *product, int32_t k)
{
    const int32_t most = k > LEAST_ITERATIONS ? k : LEAST_ITERATIONS;

    for (int32_t i = 0; i < k; ++i) {
        p[i] = 1.0f / (float)k;
    }
    for (int32_t iteration = 0; iteration < most; ++iteration) {
        float total = multiply(q, p, product, k);
        float error = 0.0f;

        for (int32_t i = 0; i < k; ++i) {
            const float own = fabsf(product[i] - total);

            error = own > error ? own : error;
        }
        if (error < CLOSE / (float)k) {
            break;
        }
        for (int32_t t = 0; t < k; ++t) {
            const float step = (total - product[t]) / q[t * k + t];
            const float scale = 1.0f + step;

            p[t] += step;
            total = (total + step * (step * q[t * k + t] + 2.0f * product[t])) / scale / scale;
            for (int32_t i = 0; i < k; ++i) {
                product[i] = (product[i] + step * q[t * k + i]) / scale;
                p[i] /= scale;
            }
        }
    }
}

void tk_pairwise_probabilities_f32(const float *restrict x, const float *restrict slopes,
                                   const float *restrict offsets, float *restrict y, float *restrict matrix,
                                   float *restrict product, int32_t rows, int32_t classes)
{
    const int32_t pairs = classes * (classes - 1) / 2;

    for (int32_t r = 0; r < rows; ++r) {
        fill(x + r * pairs, slopes, offsets, matrix, classes);
        couple(matrix, y + r * classes, product, classes);
    }
}
