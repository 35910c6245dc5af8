/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_squared_difference_s8.h"

#include "tk_math.h"
#include "tk_walk.h"

/* The parameters come by value: y points to characters, which might alias them. */
static void row(const int8_t *x1, int32_t step1, const int8_t *x2, int32_t step2, int8_t *y, int32_t n, tk_add_s8_params p)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t a = tk_requantize((*x1 + p.input1_offset) * 128, p.input1_multiplier, p.input1_shift);
        const int32_t b = tk_requantize((*x2 + p.input2_offset) * 128, p.input2_multiplier, p.input2_shift);
        const int32_t result = tk_requantize((a - b) * (a - b), p.output_multiplier, p.output_shift);

        y[i] = tk_limit_s8(tk_wrapping_add(result, p.output_offset), p.min, p.max);
        x1 += step1;
        x2 += step2;
    }
}

void tk_squared_difference_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape,
                              const tk_add_s8_params *params)
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        row(x1 + walk.offset1, shape->stride1[last], x2 + walk.offset2, shape->stride2[last], y, shape->dims[last],
            *params);
        y += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
