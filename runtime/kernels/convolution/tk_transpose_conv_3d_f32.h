/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TRANSPOSE_CONV_3D_F32_H
#define TK_TRANSPOSE_CONV_3D_F32_H

#include <stdint.h>

#include "tk_shape.h"
#include "tk_volume.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_3D_TRANSPOSE, float32: outer is x, inner is y.
 *
 *     sum[b, i, n] = sum over all positions o of x and taps t that lead to i of x[b, o, c] * w[t, n, c]
 *     y            = clamp(sum + bias)
 *
 * Layout: x [batch, outer, outer_c], y [batch, inner, inner_c], w [taps, inner_c, outer_c]; bias [inner_c], or NULL for zeros.
 * Aliasing: none. Scratch: none. Equal to LiteRT's but for rounding. */
void tk_transpose_conv_3d_f32(const float *x, const float *w, const float *bias, float *y, const tk_volume_shape *shape,
                              tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
