/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_gather_nd.h"

#include <string.h>

#include "tk_math.h"

void tk_gather_nd(const void *restrict x, const int32_t *restrict indices, void *restrict y,
                  const tk_index_shape *shape, int32_t element_bytes)
{
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)y;
    const int32_t bytes = shape->slice_elements * element_bytes;

    for (int32_t i = 0; i < shape->count; ++i) {
        int32_t offset = 0;

        for (int32_t d = 0; d < shape->depth; ++d) {
            offset += tk_limit_index(*indices, shape->dims[d]) * shape->stride[d];
            ++indices;
        }
        memcpy(to, from + offset * element_bytes, (size_t)bytes);
        to += bytes;
    }
}
