/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DEPTHWISE_S16_H
#define TK_MVE_DEPTHWISE_S16_H

#include "tk_mve_depthwise_taps.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int16 with int8 weights, any kernel, stride, padding and dilation: tk_mve_depthwise_row_s16 for all rows of all
 * images.
 *
 * Layout: x and y NHWC; layer->down.out_row counts elements. Aliasing: none. Scratch: none. Exact: as tk_mve_gemm_s16. */
void tk_mve_depthwise_s16(const int16_t *x, int16_t *y, const tk_mve_depthwise_taps *layer);

#ifdef __cplusplus
}
#endif

#endif
