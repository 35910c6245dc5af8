/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SQUARE_F32_H
#define TK_SQUARE_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SQUARE, float32: y = x * x.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_square_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
