/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ATAN2_F32_H
#define TK_ATAN2_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ATAN2 with broadcasting, float32: y = atan2f(x1, x2).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * As exact as the C library's atan2f. */
void tk_atan2_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape);

#ifdef __cplusplus
}
#endif

#endif
