/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TAKE_SLICE_H
#define TK_TAKE_SLICE_H

#include <stdint.h>

#include "tk_place.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SLICE, STRIDED_SLICE at a place known at run time: y = the block of x that `shape` and `start` place, row by row.
 * Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_take_slice(const void *x, const int32_t *start, void *y, const tk_place_shape *shape, int32_t element_bytes);

#ifdef __cplusplus
}
#endif

#endif
