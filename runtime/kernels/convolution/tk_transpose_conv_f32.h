/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TRANSPOSE_CONV_F32_H
#define TK_TRANSPOSE_CONV_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* TRANSPOSE_CONV, float32, any stride.
 *
 *     y[b, oh, ow, oc] = clamp(bias[oc] + sum over ih, iw, ic of x[b, ih, iw, ic] * w[oc, kh, kw, ic])
 *
 * where kh = oh + pad_h - ih * stride_h and kw = ow + pad_w - iw * stride_w, as far as the kernel has them. The shape's
 * dilations and groups are not read.
 * Layout: x and y NHWC; w [out_c, k_h, k_w, in_c]; bias [out_c], or NULL for zeros.
 * Aliasing: none. Scratch: none.
 * Sums in the order of TensorFlow Lite Micro's reference kernel: equal to it but for the contraction of a * b + c. */
void tk_transpose_conv_f32(const float *x, const float *w, const float *bias, float *y, const tk_conv_shape *shape,
                           tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
