/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_max_f32.h"

#include "tk_walk.h"

static void raise_row(const float *x, int32_t n, float *y, int32_t step, float sign)
{
    for (int32_t i = 0; i < n; ++i) {
        const float value = sign * x[i];

        if (value > y[i * step]) {
            y[i * step] = value;
        }
    }
}

void tk_reduce_max_f32(const float *restrict x, float *restrict y, const tk_reduce *shape, float sign,
                       float limit)
{
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = -limit;
    }
    do {
        raise_row(x, shape->dims[last], y + walk.offset1, shape->stride[last], sign);
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
    for (int32_t i = 0; i < outputs; ++i) {
        y[i] *= sign;
    }
}
