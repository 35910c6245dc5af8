/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ROUND_F32_H
#define TK_ROUND_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ROUND, float32: y = the integer nearest to x, the even one of two.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact, in the rounding mode that a program starts with. */
void tk_round_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
