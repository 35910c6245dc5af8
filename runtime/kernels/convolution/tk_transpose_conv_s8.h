/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TRANSPOSE_CONV_S8_H
#define TK_TRANSPOSE_CONV_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero point for the input and the weights (-127..128), plus the zero point for the output (-128..127).
 * -128 <= min <= max <= 127. */
typedef struct {
    int32_t input_offset;
    int32_t weights_offset;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_transpose_conv_s8_params;

/* TRANSPOSE_CONV, int8, any shape, weights with or without a zero point: for where CMSIS-NN's function does not do.
 *
 *     acc              = bias[oc] + sum over ih, iw, ic of (x[b, ih, iw, ic] + input_offset)
 *                                                          * (w[oc, kh, kw, ic] + weights_offset)
 *     y[b, oh, ow, oc] = clamp(tk_requantize(acc, multiplier[oc], shift[oc]) + output_offset, min, max)
 *
 * where kh = oh + pad_h - ih * stride_h and kw = ow + pad_w - iw * stride_w, as far as the kernel has them. The shape's
 * dilations and groups are not read.
 * Layout: x and y NHWC; w [out_c, k_h, k_w, in_c]; bias [out_c], or NULL for zeros.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_transpose_conv_s8(const int8_t *x, const int8_t *w, const int32_t *bias, const int32_t *multiplier,
                          const int8_t *shift, int8_t *y, const tk_conv_shape *shape,
                          const tk_transpose_conv_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
