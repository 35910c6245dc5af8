/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_ASYMMETRIC_S8_H
#define TK_CONV_ASYMMETRIC_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int8 with weights that have a zero point (older models), any number of groups: CMSIS-NN has no function.
 *
 *     acc          = bias[o] + sum of (x + input_offset) * (w + weights_offset) over the taps inside the input
 *     y[b,oh,ow,o] = clamp(tk_requantize(acc, multiplier, shift) + output_offset, min, max)
 *
 * Layout: x NHWC; w [out_c][k_h][k_w][in_c / groups]; bias [out_c], or NULL for zeros; y NHWC.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact: equals LiteRT's reference kernel for uint8 whose codes are 128 more. */
void tk_conv_asymmetric_s8(const int8_t *x, const int8_t *w, const int32_t *bias, int8_t *y, const tk_conv_shape *shape,
                           const tk_asymmetric_s8 *params);

#ifdef __cplusplus
}
#endif

#endif
