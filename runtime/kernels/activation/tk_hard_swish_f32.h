/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_HARD_SWISH_F32_H
#define TK_HARD_SWISH_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* HARD_SWISH, float32: y = x * min(6, max(0, x + 3)) / 6. As in the reference kernel, -infinity gives NaN.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_hard_swish_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
