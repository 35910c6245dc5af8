/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_3D_F32_H
#define TK_CONV_3D_F32_H

#include <stdint.h>

#include "tk_shape.h"
#include "tk_volume.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_3D, float32: outer is y, inner is x.
 *
 *     y[b, o, n] = clamp(bias[n] + sum over the taps t that meet an x of x[b, i(o, t), c] * w[t, c, n])
 *
 * Layout: x [batch, inner, inner_c], y [batch, outer, outer_c], w [taps, inner_c, outer_c]; bias [outer_c], or NULL for zeros.
 * Aliasing: none. Scratch: none. Sums in the order of the taps: equal to LiteRT's but for rounding. */
void tk_conv_3d_f32(const float *x, const float *w, const float *bias, float *y, const tk_volume_shape *shape,
                    tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
