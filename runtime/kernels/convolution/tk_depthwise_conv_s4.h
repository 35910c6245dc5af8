/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_CONV_S4_H
#define TK_DEPTHWISE_CONV_S4_H

#include <stdint.h>

#include "tk_conv_s4.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int8 with packed int4 weights: for where CMSIS-NN's functions do not do.
 *
 *     acc          = bias[o] + sum of (x + input_offset) * w over the taps inside the input
 *     y[b,oh,ow,o] = clamp(tk_requantize(acc, multiplier[o], shift[o]) + output_offset, min, max)
 *
 * where output channel o sees input channel o / (out_c / in_c).
 * Layout: x NHWC; w [k_h][k_w][out_c], element 2i in the low half of byte i, 2i + 1 in the high one; bias [out_c], or NULL for
 * zeros; y NHWC.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_depthwise_conv_s4(const int8_t *x, const int8_t *w, const int32_t *bias, const int32_t *multiplier,
                          const int8_t *shift, int8_t *y, const tk_conv_shape *shape,
                          const tk_conv_s4_params *params);

#ifdef __cplusplus
}
#endif

#endif
