/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TRANSPOSE_CONV_HYBRID_H
#define TK_TRANSPOSE_CONV_HYBRID_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* TRANSPOSE_CONV, float32 with int8 weights.
 *
 *     q, x_scale, zero_point = each image of x, quantized by tk_quantize_dynamic_f32_s8
 *     acc          = sum of (q - zero_point) * w over the inputs and taps that reach the output
 *     y[b,oh,ow,o] = clamp(acc * (x_scale * weight_scale[o]) + bias[o])
 *
 * Layout: x and y NHWC; w [out_c][k_h][k_w][in_c]; bias [out_c], or NULL for zeros; weight_scale [out_c] or [1]. `shape` is the
 * window from y to x. params->weights_first is 0.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: quantized, in_h * in_w * in_c bytes.
 * Equal to LiteRT's reference kernel but for the contraction of a * b + c. */
void tk_transpose_conv_hybrid(const float *x, const int8_t *w, const float *weight_scale, const float *bias, float *y,
                              int8_t *quantized, const tk_conv_shape *shape, const tk_hybrid *params);

#ifdef __cplusplus
}
#endif

#endif
