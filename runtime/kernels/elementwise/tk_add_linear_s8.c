/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_add_linear_s8.h"

#include "tk_math.h"
#include "tk_walk.h"

void tk_add_linear_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape, int32_t multiplier1,
                      int32_t multiplier2, int32_t offset)
{
    const int32_t last = shape->rank - 1;
    const int32_t step1 = shape->stride1[last];
    const int32_t step2 = shape->stride2[last];
    const int32_t n = shape->dims[last];
    tk_walk walk = tk_walk_start();

    do {
        const int8_t *a = x1 + walk.offset1;
        const int8_t *b = x2 + walk.offset2;

        for (int32_t i = 0; i < n; ++i) {
            *y++ = tk_limit_s8((a[i * step1] * multiplier1 + b[i * step2] * multiplier2 + offset) >> 21, INT8_MIN, INT8_MAX);
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
