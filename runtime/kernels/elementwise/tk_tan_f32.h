/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TAN_F32_H
#define TK_TAN_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Tan of ONNX, float32: y = tanf(x).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's tanf. */
void tk_tan_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
