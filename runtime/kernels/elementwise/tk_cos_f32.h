/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COS_F32_H
#define TK_COS_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* COS, float32: y = cosf(x).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's cosf. */
void tk_cos_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
