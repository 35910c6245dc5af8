/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TANH_F32_H
#define TK_TANH_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* TANH, float32: y = tanhf(x).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's tanhf. */
void tk_tanh_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
