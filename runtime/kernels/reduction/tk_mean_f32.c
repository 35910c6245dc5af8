/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mean_f32.h"

#include "tk_sum_f32.h"
#include "tk_walk.h"

static int32_t elements(const tk_reduce *shape)
{
    int32_t count = 1;

    for (int32_t d = 0; d < shape->rank; ++d) {
        count *= shape->dims[d];
    }
    return count;
}

void tk_mean_f32(const float *restrict x, float *restrict y, const tk_reduce *shape)
{
    const int32_t outputs = tk_reduce_outputs(shape);
    const float count = (float)(elements(shape) / outputs);

    tk_sum_f32(x, y, shape);
    for (int32_t i = 0; i < outputs; ++i) {
        y[i] /= count;
    }
}
