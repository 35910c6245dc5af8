/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SIGN_F32_H
#define TK_SIGN_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SIGN, float32: y = -1, 0 or 1 as x is negative, zero or positive; NaN stays.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_sign_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
