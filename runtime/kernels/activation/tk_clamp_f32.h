/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CLAMP_F32_H
#define TK_CLAMP_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RELU, RELU6, RELU_N1_TO_1, float32: y = min(max(x, range.min), range.max). NaN stays NaN.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernels. */
void tk_clamp_f32(const float *x, float *y, int32_t n, tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
