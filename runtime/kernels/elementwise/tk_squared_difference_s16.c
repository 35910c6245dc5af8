/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_squared_difference_s16.h"

#include "tk_math.h"
#include "tk_walk.h"

void tk_squared_difference_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape,
                               const tk_add_s16_params *params)
{
    const tk_add_s16_params p = *params;
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const int16_t *a = x1 + walk.offset1;
        const int16_t *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            const int32_t difference = tk_requantize(*a, p.input1_multiplier, p.input1_shift)
                                       - tk_requantize(*b, p.input2_multiplier, p.input2_shift);
            const int32_t result = tk_requantize(difference * difference, p.output_multiplier, p.output_shift);

            *y++ = tk_limit_s16(result, p.min, p.max);
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
