/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mean_s16.h"

#include "tk_math.h"
#include "tk_walk.h"

void tk_mean_s16(const int16_t *restrict x, int16_t *restrict y, int32_t *restrict acc, const tk_reduce *shape,
                 const tk_mean_s8_params *params)
{
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        acc[i] = params->sum_offset;
    }
    do {
        for (int32_t i = 0; i < shape->dims[last]; ++i) {
            acc[walk.offset1 + i * shape->stride[last]] += *x++;
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
    for (int32_t i = 0; i < outputs; ++i) {
        const int32_t mean = tk_requantize(acc[i], params->multiplier, params->shift);

        y[i] = tk_limit_s16(tk_wrapping_add(mean, params->output_offset), INT16_MIN, INT16_MAX);
    }
}
