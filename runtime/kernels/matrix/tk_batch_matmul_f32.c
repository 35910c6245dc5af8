/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_batch_matmul_f32.h"

#include "tk_math.h"
#include "tk_walk.h"

static float dot1(const tk_matmul_shape *s, const float *x, const float *w)
{
    float sum = 0.0f;

    for (int32_t k = 0; k < s->depth; ++k) {
        sum += x[k * s->x_step] * w[k * s->w_step];
    }
    return sum;
}

/* Four columns, which share every x read. */
static void dot4(float sum[4], const tk_matmul_shape *s, const float *x, const float *w)
{
    const float *w1 = w + s->w_column;
    const float *w2 = w1 + s->w_column;
    const float *w3 = w2 + s->w_column;
    float sum0 = 0.0f;
    float sum1 = 0.0f;
    float sum2 = 0.0f;
    float sum3 = 0.0f;

    for (int32_t k = 0; k < s->depth; ++k) {
        const float value = x[k * s->x_step];
        const int32_t i = k * s->w_step;

        sum0 += value * w[i];
        sum1 += value * w1[i];
        sum2 += value * w2[i];
        sum3 += value * w3[i];
    }
    sum[0] = sum0;
    sum[1] = sum1;
    sum[2] = sum2;
    sum[3] = sum3;
}

static void multiply(const tk_matmul_shape *s, const float *x, const float *w, float *y, tk_range_f32 range)
{
    for (int32_t i = 0; i < s->rows; ++i) {
        int32_t lanes;

        for (int32_t j = 0; j < s->columns; j += lanes) {
            float sum[4];

            lanes = s->columns - j >= 4 ? 4 : 1;
            if (lanes == 4) {
                dot4(sum, s, x + i * s->x_row, w + j * s->w_column);
            } else {
                sum[0] = dot1(s, x + i * s->x_row, w + j * s->w_column);
            }
            for (int32_t lane = 0; lane < lanes; ++lane) {
                *y++ = tk_limit_f32(sum[lane], range);
            }
        }
    }
}

void tk_batch_matmul_f32(const float *restrict x, const float *restrict w, float *restrict y, const tk_matmul_shape *shape,
                         tk_range_f32 range)
{
    const tk_broadcast *b = &shape->batches;
    tk_walk walk = tk_walk_start();

    do {
        multiply(shape, x + walk.offset1, w + walk.offset2, y, range);
        y += shape->rows * shape->columns;
    } while (tk_walk_next(&walk, b->rank + 1, b->dims, b->stride1, b->stride2));
}
