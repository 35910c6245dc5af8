/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RSQRT_F32_H
#define TK_RSQRT_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* RSQRT, float32: y = 1 / sqrtf(x).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_rsqrt_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
