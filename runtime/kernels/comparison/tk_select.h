/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SELECT_H
#define TK_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Three inputs stretched over one output, as in tk_broadcast. */
typedef struct {
    int32_t rank;
    int32_t dims[TK_MAX_RANK];
    int32_t condition_stride[TK_MAX_RANK];
    int32_t stride1[TK_MAX_RANK];
    int32_t stride2[TK_MAX_RANK];
} tk_select_shape;

/* SELECT with broadcasting, of any type: y = condition ? x1 : x2. element_bytes: 1, 2, 4 or 8.
 * Layout: condition, x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact. */
void tk_select(const bool *condition, const void *x1, const void *x2, void *y, const tk_select_shape *shape,
               int32_t element_bytes);

#ifdef __cplusplus
}
#endif

#endif
