/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ADD_FUSED_S8_H
#define TK_ADD_FUSED_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* QLinearAdd with broadcasting, int8, in float32, halves to even: for scales with which integers give other codes.
 *
 *     y = clamp(round(fma(x1 + start, first, fma(x2 + start, second, fixed))) - start, min, max)
 *
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Ranges: the sum is below 2^17.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap. Scratch: none.
 * Exact: equals ONNX Runtime on cores that fuse. */
void tk_add_fused_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape, float first, float second,
                     float fixed, int32_t start, int32_t min, int32_t max);

#ifdef __cplusplus
}
#endif

#endif
