/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_DSP_S8_H
#define TK_DEPTHWISE3_DSP_S8_H

#include "tk_depthwise_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int8, 3x3, stride 1 or 2, one result of an input channel, folded requantization (tk_depthwise3.h).
 * Layout: x and y NHWC; channels >= 4. scratch: the planes of a strip, ((strip_lines - 1) * stride + 3) * 4 * TK_FOUR_LINES + 4
 * bytes, aligned to 4. Aliasing: none. Exact: equals the convolution whose constants were folded. */
void tk_depthwise3_dsp_s8(const int8_t *x, int8_t *y, const tk_depthwise_layer *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
