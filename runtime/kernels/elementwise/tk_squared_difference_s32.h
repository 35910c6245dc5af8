/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SQUARED_DIFFERENCE_S32_H
#define TK_SQUARED_DIFFERENCE_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SQUARED_DIFFERENCE with broadcasting, int32: y = (x1 - x2)^2, which wraps around.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact. */
void tk_squared_difference_s32(const int32_t *x1, const int32_t *x2, int32_t *y, const tk_broadcast *shape);

#ifdef __cplusplus
}
#endif

#endif
