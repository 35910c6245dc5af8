/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_max_s8.h"

#include "tk_walk.h"

static void raise_row(const int8_t *x, int32_t n, int8_t *y, int32_t step, int32_t flip)
{
    for (int32_t i = 0; i < n; ++i) {
        const int8_t value = (int8_t)(x[i] ^ flip);

        if (value > y[i * step]) {
            y[i * step] = value;
        }
    }
}

void tk_reduce_max_s8(const void *restrict input, void *restrict output, const tk_reduce *shape, int32_t flip)
{
    const int8_t *x = input;
    int8_t *y = output;
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = INT8_MIN;
    }
    do {
        raise_row(x, shape->dims[last], y + walk.offset1, shape->stride[last], flip);
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = (int8_t)(y[i] ^ flip);
    }
}
