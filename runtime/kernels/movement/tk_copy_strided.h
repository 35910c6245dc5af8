/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COPY_STRIDED_H
#define TK_COPY_STRIDED_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The elements to copy, and the elements that one step along each dimension moves in x and in y: negative against the
 * grain, 0 (x only) to repeat. 1 <= rank <= TK_MAX_RANK, every dimension >= 1. */
typedef struct {
    int32_t rank;
    int32_t dims[TK_MAX_RANK];
    int32_t x_stride[TK_MAX_RANK];
    int32_t y_stride[TK_MAX_RANK];
} tk_copy_shape;

/* Whatever only moves elements (TRANSPOSE, STRIDED_SLICE, TILE, REVERSE_V2, SPACE_TO_DEPTH, ...): element (i0, i1,
 * ...) goes from x[i0 * x_stride[0] + i1 * x_stride[1] + ...] to y[i0 * y_stride[0] + ...]. x and y point to where
 * (0, 0, ...) lies, which with negative strides is not the lowest address. Innermost strides of 1 move whole rows.
 * element_bytes: 1, 2, 4 or 8. Aliasing: x and y may lie in one tensor if no element is both read and written.
 * Scratch: none. Moves bytes: any element type. */
void tk_copy_strided(const void *x, void *y, const tk_copy_shape *shape, int32_t element_bytes);

#ifdef __cplusplus
}
#endif

#endif
