/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_HYBRID_H
#define TK_CONV_HYBRID_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D (FULLY_CONNECTED: of images of one pixel), float32 with int8 weights, any number of groups.
 *
 *     q, x_scale, zero_point = each image of x, quantized by tk_quantize_dynamic_f32_s8
 *     acc          = sum of (q - zero_point) * w over the taps inside the input
 *     y[b,oh,ow,o] = clamp(acc * (x_scale * weight_scale[o]) + bias[o])
 *
 * Layout: x and y NHWC; w [out_c][k_h][k_w][in_c / groups]; bias [out_c], or NULL for zeros; weight_scale [out_c] or [1].
 * Ranges: acc fits into int32. Aliasing: none. Scratch: quantized, in_h * in_w * in_c bytes.
 * Equal to LiteRT's reference kernel but for the contraction of a * b + c. */
void tk_conv_hybrid(const float *x, const int8_t *w, const float *weight_scale, const float *bias, float *y,
                    int8_t *quantized, const tk_conv_shape *shape, const tk_hybrid *params);

#ifdef __cplusplus
}
#endif

#endif
