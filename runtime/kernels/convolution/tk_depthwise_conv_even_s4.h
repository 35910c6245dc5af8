/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_CONV_EVEN_S4_H
#define TK_DEPTHWISE_CONV_EVEN_S4_H

#include <stdint.h>

#include "tk_conv_even.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Depthwise convolutions of ONNX, int8 with int4 weights, two to a byte, any stride, dilation and number of outputs per channel.
 *
 *     acc          = bias[o] + sum of (x + input_offset) * (w + weights_offset) over the taps inside the input
 *     y[b,oh,ow,o] = tk_even_limit(acc * multiplier[o] + rest[o], 31 - shift[o], single[o], output_offset, min, max)
 *
 * Layout: x NHWC; w [k_h][k_w][out_c]; bias, single, rest [out_c], or NULL for zeros; multiplier, shift
 * [out_c]; y NHWC. Each input channel
 * feeds out_c / in_c consecutive outputs.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none. Exact. */
void tk_depthwise_conv_even_s4(const int8_t *x, const int8_t *w, const int32_t *bias, const int32_t *multiplier,
                               const int8_t *shift, const int8_t *single, const int32_t *rest, int8_t *y, const tk_conv_shape *shape,
                               const tk_conv_even *params);

#ifdef __cplusplus
}
#endif

#endif
