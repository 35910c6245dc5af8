/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ELU_F32_H
#define TK_ELU_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ELU, float32: y = x < 0 ? expm1f(x) : x.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's expm1f. */
void tk_elu_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
