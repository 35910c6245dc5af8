/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SIN_F32_H
#define TK_SIN_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SIN, float32: y = sinf(x).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's sinf. */
void tk_sin_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
