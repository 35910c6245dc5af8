/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_POW_S32_H
#define TK_POW_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* POW with broadcasting, int32: y = x1 to the power of x2, which wraps around; a negative exponent counts as 0.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact. */
void tk_pow_s32(const int32_t *x1, const int32_t *x2, int32_t *y, const tk_broadcast *shape);

#ifdef __cplusplus
}
#endif

#endif
