/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_compare_s32.h"

#include "tk_compare.h"
#include "tk_walk.h"

static inline int32_t compare(int32_t a, int32_t b)
{
    return a < b ? TK_LESS : a > b ? TK_GREATER : TK_EQUAL;
}

void tk_compare_s32(const int32_t *x1, const int32_t *x2, bool *y, const tk_broadcast *shape, int32_t cases)
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const int32_t *a = x1 + walk.offset1;
        const int32_t *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            *y++ = (cases & compare(*a, *b)) != 0;
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
