/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_pad.h"

#include <string.h>

#include "tk_walk.h"

/* Doubles what is already written until `bytes` are, a multiple of element_bytes. */
static void fill(uint8_t *y, int32_t bytes, const void *value, int32_t element_bytes)
{
    int32_t done = element_bytes;

    if (bytes == 0) {
        return;
    }
    memcpy(y, value, (size_t)element_bytes);
    while (done < bytes) {
        const int32_t piece = done < bytes - done ? done : bytes - done;

        memcpy(y + done, y, (size_t)piece);
        done += piece;
    }
}

void tk_pad(const void *restrict x, void *restrict y, const tk_pad_shape *shape, int32_t element_bytes,
            const void *value)
{
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)y;
    const int32_t row_bytes = shape->dims[shape->rank - 1] * element_bytes;
    int32_t stride[TK_MAX_RANK];
    int32_t origin = 0; /* where the first input element goes, in bytes */
    int32_t total = element_bytes;
    int32_t done = 0;
    tk_walk walk = tk_walk_start();

    for (int32_t d = shape->rank - 1; d >= 0; --d) {
        stride[d] = total;
        origin += shape->before[d] * total;
        total *= shape->before[d] + shape->dims[d] + shape->after[d];
    }
    do {
        const int32_t start = origin + walk.offset1;

        fill(to + done, start - done, value, element_bytes);
        memcpy(to + start, from, (size_t)row_bytes);
        from += row_bytes;
        done = start + row_bytes;
    } while (tk_walk_next(&walk, shape->rank, shape->dims, stride, stride));
    fill(to + done, total - done, value, element_bytes);
}
