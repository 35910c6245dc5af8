/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MUL_SINGLE_S8_H
#define TK_MUL_SINGLE_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MUL with broadcasting, int8, in float32, halves to even: for scales with which integers give other codes.
 *
 *     y = clamp(round((real1[x1] * real2[x2]) / scale) + zero_point, min, max)
 *
 * Layout: x1 and x2 as `shape` strides over them, y contiguous; real1, real2: what codes stand for, 256 each, by their bytes as an
 * index: those of 0 to 127 come first.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap. Scratch: none.
 * Exact: equals ONNX Runtime's DequantizeLinear, Mul, QuantizeLinear. */
void tk_mul_single_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape, const float *real1,
                      const float *real2, float scale, int32_t zero_point, int32_t min, int32_t max);

#ifdef __cplusplus
}
#endif

#endif
