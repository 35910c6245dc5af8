/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_batch_matmul_even_s16.h"

#include "tk_even.h"
#include "tk_walk.h"

static int64_t dot(const tk_matmul_shape *s, const int16_t *x, int32_t x_offset, const int16_t *w, int32_t w_offset)
{
    int64_t sum = 0;

    for (int32_t k = 0; k < s->depth; ++k) {
        sum += (int64_t)(x[k * s->x_step] + x_offset) * (w[k * s->w_step] + w_offset);
    }
    return sum;
}

static void multiply(const tk_matmul_shape *s, const int16_t *x, const int16_t *w, int16_t *y,
                     const tk_batch_matmul_even_s16_params *params)
{
    for (int32_t i = 0; i < s->rows; ++i) {
        for (int32_t j = 0; j < s->columns; ++j) {
            const int64_t sum = dot(s, x + i * s->x_row, params->x_offset, w + j * s->w_column, params->w_offset);

            *y++ = (int16_t)tk_even_long(sum, params->multiplier, 0, params->shift, params->output_offset, params->min,
                                         params->max);
        }
    }
}

void tk_batch_matmul_even_s16(const int16_t *restrict x, const int16_t *restrict w, int16_t *restrict y,
                              const tk_matmul_shape *shape, const tk_batch_matmul_even_s16_params *params)
{
    const tk_broadcast *b = &shape->batches;
    tk_walk walk = tk_walk_start();

    do {
        multiply(shape, x + walk.offset1, w + walk.offset2, y, params);
        y += shape->rows * shape->columns;
    } while (tk_walk_next(&walk, b->rank + 1, b->dims, b->stride1, b->stride2));
}
