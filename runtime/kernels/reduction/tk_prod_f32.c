/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_prod_f32.h"

#include "tk_walk.h"

void tk_prod_f32(const float *restrict x, float *restrict y, const tk_reduce *shape)
{
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    const int32_t step = shape->stride[last];
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = 1.0f;
    }
    do {
        for (int32_t i = 0; i < shape->dims[last]; ++i) {
            y[walk.offset1 + i * step] *= x[i];
        }
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
}
