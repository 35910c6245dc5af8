/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DYNAMIC_QUANTIZE_F32_S8_H
#define TK_DYNAMIC_QUANTIZE_F32_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DynamicQuantizeLinear of ONNX, codes 128 less.
 *
 *     scale = (max - min) / 255 over all elements and 0, 1 if that is 0
 *     zero  = round(-min / scale) - 128
 *     y     = clamp(round(x / scale) + zero, -128, 127)
 *
 * Halves to even. Layout: x, y [n]; scale, zero [1]. 1 <= n. Aliasing: none. Scratch: none.
 * Exact: equals ONNX Runtime. */
void tk_dynamic_quantize_f32_s8(const float *x, int32_t n, int8_t *y, float *scale, int8_t *zero);

#ifdef __cplusplus
}
#endif

#endif
