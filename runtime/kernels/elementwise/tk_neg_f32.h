/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NEG_F32_H
#define TK_NEG_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NEG, float32: y = -x.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_neg_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
