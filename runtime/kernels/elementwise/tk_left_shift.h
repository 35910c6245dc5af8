/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LEFT_SHIFT_H
#define TK_LEFT_SHIFT_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* BitShift to the left with broadcasting: y = x1 << x2, bits beyond the highest lost: for x2 outside the bits of the type, all.
 * type: a tk_type, of integers of up to 32 bits.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none. Exact. */
void tk_left_shift(const void *x1, const void *x2, void *y, const tk_broadcast *shape, int32_t type);

#ifdef __cplusplus
}
#endif

#endif
