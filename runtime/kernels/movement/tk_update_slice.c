/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_update_slice.h"

#include <string.h>

#include "tk_walk.h"

void tk_update_slice(const void *x, const void *update, const int32_t *start, void *y, const tk_place_shape *shape,
                     int32_t element_bytes)
{
    const uint8_t *from = (const uint8_t *)update;
    uint8_t *to = (uint8_t *)y;
    const int32_t row_bytes = shape->block_dims[shape->rank - 1] * element_bytes;
    int32_t stride[TK_MAX_RANK];
    int32_t bytes;
    int32_t row = 0;
    const int32_t origin = tk_place(start, shape, element_bytes, stride, &bytes);
    tk_walk walk = tk_walk_start();

    if (x != y) {
        memcpy(y, x, (size_t)bytes);
    }
    do {
        memmove(to + origin + walk.offset1, from + row, (size_t)row_bytes);
        row += row_bytes;
    } while (tk_walk_next(&walk, shape->rank, shape->block_dims, stride, stride));
}
