/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GELU_F32_H
#define TK_GELU_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* GELU, float32: y = 0.5 * x * erfcf(-x / sqrt(2)).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's erfcf. */
void tk_gelu_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
