/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SOFTPLUS_F32_H
#define TK_SOFTPLUS_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Softplus of ONNX, float32: y = log(1 + exp(x)).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's expf and log1pf. */
void tk_softplus_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
