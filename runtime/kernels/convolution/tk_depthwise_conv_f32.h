/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_CONV_F32_H
#define TK_DEPTHWISE_CONV_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, float32, any stride, dilation and multiplier = out_c / in_c.
 *
 *     y[b, oh, ow, oc] = clamp(bias[oc] + sum over kh, kw of x[b, ih, iw, oc / multiplier] * w[kh, kw, oc])
 *
 * Layout: x and y NHWC; w [1, k_h, k_w, out_c]; bias [out_c], or NULL for zeros.
 * Aliasing: none. Scratch: none.
 * Sums in the order of TensorFlow Lite Micro's reference kernel: equal to it but for the contraction of a * b + c. */
void tk_depthwise_conv_f32(const float *x, const float *w, const float *bias, float *y, const tk_conv_shape *shape,
                           tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
