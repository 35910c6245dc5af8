/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TRANSPOSE_CONV_S16_H
#define TK_TRANSPOSE_CONV_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* narrow: bias and sums have 32 bits. -32768 <= min <= max <= 32767. */
typedef struct {
    int32_t narrow;
    int32_t min;
    int32_t max;
} tk_transpose_conv_s16_params;

/* TRANSPOSE_CONV, int16 with zero point 0, int8 weights, any stride: CMSIS-NN has no function.
 *
 *     y[b, oh, ow, oc] = clamp(R(bias[oc] + sum over ih, iw, ic of x[b, ih, iw, ic] * w[oc, kh, kw, ic],
 *                                multiplier[oc], shift[oc]), min, max)
 *
 * where kh = oh + pad_h - ih * stride_h and kw = ow + pad_w - iw * stride_w, as far as the kernel has them. The shape's
 * dilations and groups are not read. R is tk_requantize if `narrow` is set, where the sum wraps to 32 bits, else
 * tk_requantize_s64.
 * Layout: x and y NHWC; w [out_c, k_h, k_w, in_c]; bias int64, or with `narrow` int32, or NULL.
 * Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_transpose_conv_s16(const int16_t *x, const int8_t *w, const void *bias, const int32_t *multiplier,
                           const int8_t *shift, int16_t *y, const tk_conv_shape *shape,
                           const tk_transpose_conv_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
