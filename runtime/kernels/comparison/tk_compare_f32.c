/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_compare_f32.h"

#include "tk_compare.h"
#include "tk_walk.h"

static inline int32_t compare(float a, float b)
{
    return a < b ? TK_LESS : a > b ? TK_GREATER : a == b ? TK_EQUAL : TK_UNORDERED;
}

void tk_compare_f32(const float *x1, const float *x2, bool *y, const tk_broadcast *shape, int32_t cases)
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const float *a = x1 + walk.offset1;
        const float *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            *y++ = (cases & compare(*a, *b)) != 0;
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
