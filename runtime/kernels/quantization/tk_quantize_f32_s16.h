/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_QUANTIZE_F32_S16_H
#define TK_QUANTIZE_F32_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* QUANTIZE: y = clamp(round(x / scale) + zero_point, -32768, 32767), a float32 division, halves rounded away from zero.
 * scale > 0. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel wherever that is defined. It is not where the quotient leaves
 * int32: here an infinite or huge value saturates, and NaN becomes zero_point. */
void tk_quantize_f32_s16(const float *x, int16_t *y, int32_t n, float scale, int32_t zero_point);

#ifdef __cplusplus
}
#endif

#endif
