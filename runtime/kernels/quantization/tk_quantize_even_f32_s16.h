/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_QUANTIZE_EVEN_F32_S16_H
#define TK_QUANTIZE_EVEN_F32_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* QuantizeLinear of ONNX: y = clamp(round(x / scale) + zero_point) to the type's limits, a float32 division, halves rounded to
 * the even neighbour. scale > 0; infinite and huge values saturate, NaN becomes zero_point.
 * Aliasing: none. Scratch: none. */
void tk_quantize_even_f32_s16(const float *x, int16_t *y, int32_t n, float scale, int32_t zero_point);

#ifdef __cplusplus
}
#endif

#endif
