/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_gather.h"

#include <string.h>

#include "tk_math.h"

void tk_gather(const void *restrict x, const int32_t *restrict indices, void *restrict y, const tk_gather_shape *shape)
{
    const tk_gather_shape s = *shape;
    const int32_t per_batch = s.outer / s.batch;
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)y;

    for (int32_t outer = 0; outer < s.outer; ++outer) {
        const int32_t *row = indices + (outer / per_batch) * s.count;

        for (int32_t i = 0; i < s.count; ++i) {
            memcpy(to, from + tk_limit_index(row[i], s.axis) * s.row_bytes, (size_t)s.row_bytes);
            to += s.row_bytes;
        }
        from += s.axis * s.row_bytes;
    }
}
