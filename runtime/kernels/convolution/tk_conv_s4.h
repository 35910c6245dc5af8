/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_S4_H
#define TK_CONV_S4_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero point for the input (-127..128), plus the zero point for the output (-128..127).
 * -128 <= min <= max <= 127. */
typedef struct {
    int32_t input_offset;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_conv_s4_params;

/* CONV_2D, int8 with packed int4 weights, any number of groups: for where CMSIS-NN has no function.
 *
 *     acc          = bias[o] + sum of (x + input_offset) * w over the taps inside the input
 *     y[b,oh,ow,o] = clamp(tk_requantize(acc, multiplier[o], shift[o]) + output_offset, min, max)
 *
 * Layout: x NHWC; w [out_c][k_h][k_w][in_c / groups], element 2i in the low half of byte i, 2i + 1 in the high one; bias
 * [out_c], or NULL for zeros; y NHWC.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_s4(const int8_t *x, const int8_t *w, const int32_t *bias, const int32_t *multiplier, const int8_t *shift,
                int8_t *y, const tk_conv_shape *shape, const tk_conv_s4_params *params);

#ifdef __cplusplus
}
#endif

#endif
