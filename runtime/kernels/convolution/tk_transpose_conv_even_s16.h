/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TRANSPOSE_CONV_EVEN_S16_H
#define TK_TRANSPOSE_CONV_EVEN_S16_H

#include <stdint.h>

#include "tk_conv_even_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Transposed convolutions of ONNX: int16 with int8 weights.
 *
 *     acc              = bias[oc] + sum over ih, iw, ic of (x[b, ih, iw, ic] + input_offset)
 *                                                          * (w[oc, kh, kw, ic] + weights_offset)
 *     y[b, oh, ow, oc] = clamp(round((acc * multiplier[oc] + rest[oc]) * 2^(shift[oc] - 31)) + output_offset, min, max)
 *
 * where kh = oh + pad_h - ih * stride_h and kw = ow + pad_w - iw * stride_w, as far as the kernel has them. Halves go to the
 * even neighbour. The shape's dilations and groups are not read.
 * Layout: x and y NHWC; w [out_c, k_h, k_w, in_c], as the parameters say; bias, rest, multiplier, shift and ranges as for
 * tk_conv_even_s16. Aliasing: none. Scratch: none. Exact. */
void tk_transpose_conv_even_s16(const int16_t *x, const int8_t *w, const void *bias, const int32_t *multiplier,
                                const int8_t *shift, const int32_t *rest, int16_t *y, const tk_conv_shape *shape,
                                const tk_conv_even_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
