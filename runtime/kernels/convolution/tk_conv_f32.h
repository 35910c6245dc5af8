/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_F32_H
#define TK_CONV_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, float32, any stride, dilation and number of groups.
 *
 *     y[b, oh, ow, oc] = clamp(bias[oc] + sum over kh, kw, ic of x[b, ih, iw, first + ic] * w[oc, kh, kw, ic])
 *
 * where ih and iw are as in tk_conv_shape, 0 <= ic < in_c / groups, and first is where the group of oc begins:
 * (oc / (out_c / groups)) * (in_c / groups).
 * Layout: x and y NHWC; w [out_c, k_h, k_w, in_c / groups]; bias [out_c], or NULL for zeros.
 * Aliasing: none. Scratch: none.
 * Sums in the order of TensorFlow Lite Micro's reference kernel: equal to it but for the contraction of a * b + c. */
void tk_conv_f32(const float *x, const float *w, const float *bias, float *y, const tk_conv_shape *shape,
                 tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
