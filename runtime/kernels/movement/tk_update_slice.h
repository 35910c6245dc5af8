/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_UPDATE_SLICE_H
#define TK_UPDATE_SLICE_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 <= rank <= TK_MAX_RANK, 1 <= update_dims[d] <= dims[d]. */
typedef struct {
    int32_t rank;
    int32_t dims[TK_MAX_RANK];
    int32_t update_dims[TK_MAX_RANK];
} tk_update_shape;

/* DYNAMIC_UPDATE_SLICE: y = x with the block that begins at `start` (one coordinate for each dimension) replaced by
 * `update`. A block that would reach beyond x is moved inside.
 * Aliasing: y may be x itself. Scratch: none. Moves bytes: any element type. */
void tk_update_slice(const void *x, const void *update, const int32_t *start, void *y, const tk_update_shape *shape,
                     int32_t element_bytes);

#ifdef __cplusplus
}
#endif

#endif
