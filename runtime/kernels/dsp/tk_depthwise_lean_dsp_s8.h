/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_LEAN_DSP_S8_H
#define TK_DEPTHWISE_LEAN_DSP_S8_H

#include "tk_near.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int8, one result of an input channel, without scratch (tk_near.h).
 * weights: of every four channels; the last four are the last channels, even if the ones before had some of them.
 * Layout: x and y NHWC; channels >= 4. Every window sees a part of the image. Aliasing: none.
 * Exact: equals the convolution whose constants were folded. */
void tk_depthwise_lean_dsp_s8(const int8_t *x, int8_t *y, const uint32_t *weights, const tk_conv_shape *shape, int32_t zero_point);

#ifdef __cplusplus
}
#endif

#endif
