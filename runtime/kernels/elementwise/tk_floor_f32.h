/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FLOOR_F32_H
#define TK_FLOOR_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* FLOOR, float32: y = the largest integer that is not above x.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_floor_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
