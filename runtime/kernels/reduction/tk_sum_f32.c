/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sum_f32.h"

#include "tk_walk.h"

static void accumulate_row(const float *restrict x, int32_t n, float *restrict y, int32_t step)
{
    if (step == 0) {
        float sum = *y;

        for (int32_t i = 0; i < n; ++i) {
            sum += x[i];
        }
        *y = sum;
        return;
    }
    for (int32_t i = 0; i < n; ++i) {
        y[i * step] += x[i];
    }
}

void tk_sum_f32(const float *restrict x, float *restrict y, const tk_reduce *shape)
{
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = 0.0f;
    }
    do {
        accumulate_row(x, shape->dims[last], y + walk.offset1, shape->stride[last]);
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
}
