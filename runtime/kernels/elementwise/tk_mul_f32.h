/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MUL_F32_H
#define TK_MUL_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MUL with broadcasting, float32: y = clamp(x1 * x2).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mul_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape, tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
