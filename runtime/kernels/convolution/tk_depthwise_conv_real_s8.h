/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_CONV_REAL_S8_H
#define TK_DEPTHWISE_CONV_REAL_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* QLinearConv of ONNX with one filter per output, int8, any stride, dilation and number of outputs per channel.
 *
 *     acc = bias[o] + sum over the taps inside the input of (x - x_zero_point) * (w - w_zero_point)
 *     y[b, oh, ow, o] = clamp(round(acc * scale[o]) + y_zero_point, min, max)
 *
 * The product is one of float32, halves are rounded to the even neighbour.
 * Layout: x and y NHWC; w [k_h, k_w, out_c]; bias [out_c], or NULL for zeros; scale [out_c].
 * -128 <= zero points, min, max <= 127; |acc| < 2^31. Aliasing: none. Scratch: none. Exact. */
void tk_depthwise_conv_real_s8(const int8_t *x, const int8_t *w, const int32_t *bias, const float *scale, int8_t *y,
                               const tk_conv_shape *shape, int32_t x_zero_point, int32_t w_zero_point, int32_t y_zero_point,
                               int32_t min, int32_t max);

#ifdef __cplusplus
}
#endif

#endif
