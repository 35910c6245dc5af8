/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GELU_TANH_F32_H
#define TK_GELU_TANH_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* GELU by its approximation, float32: y = 0.5 * x * (1 + tanhf(sqrt(2 / pi) * (x + 0.044715 * x^3))).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's tanhf; where 1 + tanhf is close to 0, relative to 1. */
void tk_gelu_tanh_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
