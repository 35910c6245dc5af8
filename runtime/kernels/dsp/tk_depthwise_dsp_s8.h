/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_DSP_S8_H
#define TK_DEPTHWISE_DSP_S8_H

#include "tk_depthwise_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int8, any kernel that reaches over at most 16 columns, any strides, dilations and multiplier, results of any
 * sign (tk_depthwise_taps_s8.h; the weights of a channel's results follow one another).
 * Layout: x and y NHWC. scratch, aligned to 4: the planes of a strip, ((strip_lines - 1) * stride_lines + reach_lines) * 4 *
 * TK_FOUR_LINES bytes, and 6 * stride_columns more. Aliasing: none. Exact: equals the convolution whose constants were folded. */
void tk_depthwise_dsp_s8(const int8_t *x, int8_t *y, const tk_depthwise_layer *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
