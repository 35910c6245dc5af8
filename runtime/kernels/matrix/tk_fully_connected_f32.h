/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_F32_H
#define TK_FULLY_CONNECTED_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FULLY_CONNECTED, float32: y[b, o] = clamp(bias[o] + sum over i of x[b, i] * w[o, i]).
 * Layout: x [batch, in]; w [out, in]; bias [out], or NULL for zeros; y [batch, out].
 * Aliasing: none. Scratch: none.
 * Sums in the order of TensorFlow Lite Micro's reference kernel: equal to it but for the contraction of a * b + c. */
void tk_fully_connected_f32(const float *x, const float *w, const float *bias, float *y, int32_t batch, int32_t in,
                            int32_t out, tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
