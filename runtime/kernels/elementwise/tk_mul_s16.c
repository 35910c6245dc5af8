/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mul_s16.h"

#include "tk_math.h"
#include "tk_walk.h"

void tk_mul_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape,
                const tk_mul_s16_params *params)
{
    const tk_mul_s16_params p = *params;
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const int16_t *a = x1 + walk.offset1;
        const int16_t *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            *y++ = tk_limit_s16(tk_requantize((int32_t)*a * *b, p.multiplier, p.shift), p.min, p.max);
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
