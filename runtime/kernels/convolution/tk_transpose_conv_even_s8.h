/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TRANSPOSE_CONV_EVEN_S8_H
#define TK_TRANSPOSE_CONV_EVEN_S8_H

#include <stdint.h>

#include "tk_conv_even.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Transposed convolutions of ONNX, int8.
 *
 *     acc              = bias[oc] + sum over ih, iw, ic of (x[b, ih, iw, ic] + input_offset)
 *                                                          * (w[oc, kh, kw, ic] + weights_offset)
 *     y[b, oh, ow, oc] = tk_even_limit(acc * multiplier[oc] + rest[oc], 31 - shift[oc], single[oc], output_offset, min, max)
 *
 * where kh = oh + pad_h - ih * stride_h and kw = ow + pad_w - iw * stride_w, as far as the kernel has them. The shape's
 * dilations and groups are not read.
 * Layout: x and y NHWC; w [out_c, k_h, k_w, in_c]; bias, single, rest [out_c], or NULL for zeros; multiplier, shift [out_c].
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none. Exact. */
void tk_transpose_conv_even_s8(const int8_t *x, const int8_t *w, const int32_t *bias, const int32_t *multiplier,
                               const int8_t *shift, const int8_t *single, const int32_t *rest, int8_t *y, const tk_conv_shape *shape,
                               const tk_conv_even *params);

#ifdef __cplusplus
}
#endif

#endif
