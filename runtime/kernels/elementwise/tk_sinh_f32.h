/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SINH_F32_H
#define TK_SINH_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sinh of ONNX, float32: y = sinhf(x).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's sinhf. */
void tk_sinh_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
