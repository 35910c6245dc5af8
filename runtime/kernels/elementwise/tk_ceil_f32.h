/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CEIL_F32_H
#define TK_CEIL_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CEIL, float32: y = the smallest integer that is not below x.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_ceil_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
