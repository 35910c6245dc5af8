/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_GROUPED_S8_H
#define TK_CONV_GROUPED_S8_H

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
} tk_conv_grouped_s8_params;

/* CONV_2D, int8, any number of groups: in place of arm_convolve_s8, which has groups since CMSIS-NN 6.
 *
 *     acc          = bias[o] + sum of (x + input_offset) * w over the taps inside the input
 *     y[b,oh,ow,o] = clamp(tk_requantize(acc, multiplier[o], shift[o]) + output_offset, min, max)
 *
 * Layout: x NHWC; w [out_c][k_h][k_w][in_c / groups]; bias [out_c], or NULL for zeros; y NHWC.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_grouped_s8(const int8_t *x, const int8_t *w, const int32_t *bias, const int32_t *multiplier, const int8_t *shift,
                        int8_t *y, const tk_conv_shape *shape, const tk_conv_grouped_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
