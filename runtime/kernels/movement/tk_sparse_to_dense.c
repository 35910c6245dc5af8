/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sparse_to_dense.h"

#include <string.h>

#include "tk_locate.h"

void tk_sparse_to_dense(const int32_t *restrict indices, const void *restrict values, const void *restrict other,
                        void *restrict y, int32_t elements, const tk_index_shape *shape, int32_t step, int32_t element_bytes)
{
    const uint8_t *from = (const uint8_t *)values;
    uint8_t *to = (uint8_t *)y;

    for (int32_t i = 0; i < elements; ++i) {
        memcpy(to + i * element_bytes, other, (size_t)element_bytes);
    }
    for (int32_t i = 0; i < shape->count; ++i) {
        const int32_t at = tk_locate(indices + i * shape->depth, shape);

        if (at >= 0) {
            memcpy(to + at * element_bytes, from + i * step * element_bytes, (size_t)element_bytes);
        }
    }
}
