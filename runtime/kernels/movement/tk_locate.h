/* SPDX-License-Identifier: Apache-2.0 */
/* Where coordinates lead. Internal. */
#ifndef TK_LOCATE_H
#define TK_LOCATE_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The element that the coordinates lead to, or -1. */
static inline int32_t tk_locate(const int32_t *coordinates, const tk_index_shape *shape)
{
    int32_t offset = 0;

    for (int32_t d = 0; d < shape->depth; ++d) {
        if (coordinates[d] < 0 || coordinates[d] >= shape->dims[d]) {
            return -1;
        }
        offset += coordinates[d] * shape->stride[d];
    }
    return offset;
}

#ifdef __cplusplus
}
#endif

#endif
