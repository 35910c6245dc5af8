/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_REAL_S8_H
#define TK_CONV_REAL_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* QLinearConv and QLinearMatMul of ONNX, int8, any stride, dilation and number of groups.
 *
 *     acc = bias[oc] + sum over kh, kw, ic of (x[b, ih, iw, first + ic] - x_zero_point)
 *                     * (w[oc, kh, kw, ic] - w_zero_point)
 *     y[b, oh, ow, oc] = clamp(round(acc * scale[oc]) + y_zero_point, min, max)
 *
 * where ih and iw are as in tk_conv_shape, 0 <= ic < in_c / groups, and first is where the group of oc begins. The product is
 * one of float32, halves are rounded to the even neighbour.
 * Layout: x and y NHWC; w [out_c, k_h, k_w, in_c / groups]; bias [out_c], or NULL for zeros; scale [out_c].
 * -128 <= zero points, min, max <= 127; |acc| < 2^31. Aliasing: none. Scratch: none. Exact. */
void tk_conv_real_s8(const int8_t *x, const int8_t *w, const int32_t *bias, const float *scale, int8_t *y,
                     const tk_conv_shape *shape, int32_t x_zero_point, int32_t w_zero_point, int32_t y_zero_point, int32_t min,
                     int32_t max);

#ifdef __cplusplus
}
#endif

#endif
