/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEQUANTIZE_S8_F32_H
#define TK_DEQUANTIZE_S8_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* DEQUANTIZE: y = scale * (x - zero_point), rounded once to float32. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel, whose double product is exact before it is rounded. */
void tk_dequantize_s8_f32(const int8_t *x, float *y, int32_t n, float scale, int32_t zero_point);

#ifdef __cplusplus
}
#endif

#endif
