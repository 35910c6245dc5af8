/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_HYBRID_S2_H
#define TK_FULLY_CONNECTED_HYBRID_S2_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FULLY_CONNECTED, float32 with packed int2 weights: the images of `shape` are rows of one pixel.
 *
 *     q, x_scale, zero_point = each row of x, quantized by tk_quantize_dynamic_f32_s8
 *     acc    = sum over i of (q[b, i] - zero_point) * w[o, i]
 *     y[b,o] = clamp(acc * (x_scale * weight_scale[o]) + bias[o])
 *
 * Layout: x [batch, in_c]; y [batch, out_c]; w [out_c, in_c], element 4i in the lowest bits of byte i, the next three above it;
 * bias [out_c], or NULL for zeros; weight_scale [out_c] or [1]. params->weights_first is 0.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: quantized, in_c bytes.
 * Equal to LiteRT's reference kernel but for the contraction of a * b + c. */
void tk_fully_connected_hybrid_s2(const float *x, const int8_t *w, const float *weight_scale, const float *bias, float *y,
                                  int8_t *quantized, const tk_conv_shape *shape, const tk_hybrid *params);

#ifdef __cplusplus
}
#endif

#endif
