/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mean_even_s8.h"

#include "tk_even.h"
#include "tk_walk.h"

static void accumulate_row(const int8_t *restrict x, int32_t n, int32_t *restrict acc, int32_t step)
{
    if (step == 0) {
        int32_t sum = *acc;

        for (int32_t i = 0; i < n; ++i) {
            sum += x[i];
        }
        *acc = sum;
        return;
    }
    for (int32_t i = 0; i < n; ++i) {
        acc[i * step] += x[i];
    }
}

void tk_mean_even_s8(const int8_t *restrict x, int8_t *restrict y, int32_t *restrict acc, const tk_reduce *shape,
                     const tk_mean_s8_params *params)
{
    const tk_mean_s8_params p = *params;
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        acc[i] = p.sum_offset;
    }
    do {
        accumulate_row(x, shape->dims[last], acc + walk.offset1, shape->stride[last]);
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = (int8_t)tk_even_code(acc[i], p.multiplier, p.shift, true, p.output_offset, INT8_MIN, INT8_MAX);
    }
}
