/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FLOOR_MOD_S32_H
#define TK_FLOOR_MOD_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FLOOR_MOD with broadcasting, int32: y = x1 - x2 * floor(x1 / x2), with x2's sign; 0 where x2 is 0.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact. */
void tk_floor_mod_s32(const int32_t *x1, const int32_t *x2, int32_t *y, const tk_broadcast *shape);

#ifdef __cplusplus
}
#endif

#endif
