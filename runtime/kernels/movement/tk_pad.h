/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PAD_H
#define TK_PAD_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 <= rank <= TK_MAX_RANK, input dimensions >= 1, before and after >= 0. */
typedef struct {
    int32_t rank;
    int32_t dims[TK_MAX_RANK];
    int32_t before[TK_MAX_RANK];
    int32_t after[TK_MAX_RANK];
} tk_pad_shape;

/* PAD, PADV2: a copy of x framed by `before` and `after` elements of one value along each dimension.
 * Output dimension d is before[d] + dims[d] + after[d]. value: one element; it overlaps neither x nor y.
 * Layout: row-major, contiguous. Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_pad(const void *x, void *y, const tk_pad_shape *shape, int32_t element_bytes, const void *value);

#ifdef __cplusplus
}
#endif

#endif
