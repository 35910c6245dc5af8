/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_logical.h"

#include "tk_walk.h"

void tk_logical(const bool *x1, const bool *x2, bool *y, const tk_broadcast *shape, int32_t truth)
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const bool *a = x1 + walk.offset1;
        const bool *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            *y++ = (truth >> (*a + 2 * *b) & 1) != 0;
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
