/* SPDX-License-Identifier: Apache-2.0 */
/* Where a block of a tensor begins that is placed at run time. */
#ifndef TK_PLACE_H
#define TK_PLACE_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 <= rank <= TK_MAX_RANK, 1 <= block_dims[d] <= dims[d]. The block begins along d at start[pick[d]], or at fixed[d] where
 * pick[d] is -1. With `from_end`, a negative start counts from the end. A block that would reach beyond the tensor is moved
 * inside. */
typedef struct {
    int32_t rank;
    int32_t dims[TK_MAX_RANK];
    int32_t block_dims[TK_MAX_RANK];
    int32_t pick[TK_MAX_RANK];
    int32_t fixed[TK_MAX_RANK];
    int32_t from_end;
} tk_place_shape;

/* The offset of the block's first byte. stride[d] becomes the bytes from one position along d to the next; returns the tensor's
 * bytes in *bytes. */
static inline int32_t tk_place(const int32_t *start, const tk_place_shape *shape, int32_t element_bytes, int32_t *stride,
                               int32_t *bytes)
{
    int32_t origin = 0;
    int32_t total = element_bytes;

    for (int32_t d = shape->rank - 1; d >= 0; --d) {
        const int32_t furthest = shape->dims[d] - shape->block_dims[d];
        int32_t first = shape->pick[d] < 0 ? shape->fixed[d] : start[shape->pick[d]];

        if (first < 0) {
            first = shape->from_end != 0 && first >= -shape->dims[d] ? first + shape->dims[d] : 0;
        }
        stride[d] = total;
        origin += (first < furthest ? first : furthest) * total;
        total *= shape->dims[d];
    }
    *bytes = total;
    return origin;
}

#ifdef __cplusplus
}
#endif

#endif
