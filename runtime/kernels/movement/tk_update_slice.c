/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_update_slice.h"

#include <string.h>

#include "tk_walk.h"

void tk_update_slice(const void *x, const void *update, const int32_t *start, void *y, const tk_update_shape *shape,
                     int32_t element_bytes)
{
    const uint8_t *from = (const uint8_t *)update;
    uint8_t *to = (uint8_t *)y;
    const int32_t row_bytes = shape->update_dims[shape->rank - 1] * element_bytes;
    int32_t stride[TK_MAX_RANK];
    int32_t origin = 0;
    int32_t total = element_bytes;
    tk_walk walk = tk_walk_start();

    for (int32_t d = shape->rank - 1; d >= 0; --d) {
        const int32_t furthest = shape->dims[d] - shape->update_dims[d];
        const int32_t first = start[d] < 0 ? 0 : start[d];

        stride[d] = total;
        origin += (first < furthest ? first : furthest) * total;
        total *= shape->dims[d];
    }
    if (x != y) {
        memcpy(y, x, (size_t)total);
    }
    do {
        memmove(to + origin + walk.offset1, from, (size_t)row_bytes);
        from += row_bytes;
    } while (tk_walk_next(&walk, shape->rank, shape->update_dims, stride, stride));
}
