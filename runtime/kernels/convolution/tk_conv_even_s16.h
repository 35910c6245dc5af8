/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_EVEN_S16_H
#define TK_CONV_EVEN_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* input_offset, weights_offset: minus the zero points. -32768 <= min <= max <= 32767. Weight number i of channel o, in the order
 * [k_h][k_w][in_c / groups], lies at o * w_filter + i * w_step. long_sums: some sum of products may leave 32 bits. long_bias:
 * the bias has 64 bits. */
typedef struct {
    int32_t input_offset;
    int32_t weights_offset;
    int32_t output_offset;
    int32_t min;
    int32_t max;
    int32_t w_filter;
    int32_t w_step;
    int32_t long_sums;
    int32_t long_bias;
} tk_conv_even_s16_params;

/* Convolutions, depthwise ones too, and matrix products of ONNX: int16 with int8 weights, any stride, dilation and groups.
 *
 *     acc          = bias[o] + sum of (x + input_offset) * (w + weights_offset) over the taps inside the input
 *     y[b,oh,ow,o] = clamp(round((acc * multiplier[o] + rest[o]) * 2^(shift[o] - 31)) + output_offset, min, max)
 *
 * Halves go to the even neighbour.
 * Layout: x NHWC; w as the parameters say; bias int32 or int64 [out_c], rest [out_c], or NULL for zeros; multiplier, shift
 * [out_c]; y NHWC.
 * Ranges: |acc| < 2^46; 0 <= multiplier < 2^31; -31 <= shift <= 14. Aliasing: none. Scratch: none. Exact. */
void tk_conv_even_s16(const int16_t *x, const int8_t *w, const void *bias, const int32_t *multiplier, const int8_t *shift,
                      const int32_t *rest, int16_t *y, const tk_conv_shape *shape, const tk_conv_even_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
