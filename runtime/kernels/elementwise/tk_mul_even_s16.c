/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mul_even_s16.h"

#include "tk_walk.h"

/* The parameters come by value: y might alias them. */
static void mul_row(const int16_t *x1, int32_t step1, const int16_t *x2, int32_t step2, int16_t *y, int32_t n, tk_even_sum p)
{
    const int64_t zero = p.multiplier2 * ((int64_t)1 << p.right);

    for (int32_t i = 0; i < n; ++i) {
        const int64_t product = (int64_t)(*x1 + p.input1_offset) * (*x2 + p.input2_offset);

        y[i] = (int16_t)tk_even_limit(product * p.multiplier1 + zero, p.right, p.single != 0, p.output_offset, p.min, p.max);
        x1 += step1;
        x2 += step2;
    }
}

void tk_mul_even_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape, const tk_even_sum *params)
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        mul_row(x1 + walk.offset1, shape->stride1[last], x2 + walk.offset2, shape->stride2[last], y, shape->dims[last],
                *params);
        y += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
