/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_EXP_F32_H
#define TK_EXP_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* EXP, float32: y = expf(x).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's expf. */
void tk_exp_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
