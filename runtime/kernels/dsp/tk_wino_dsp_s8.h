/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINO_DSP_S8_H
#define TK_WINO_DSP_S8_H

#include "tk_wino_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int8, 3x3, stride 1, by Winograd's F(4x4, 3x3), results of any sign: the requantization of tk_wino_output_s8.
 * Layout: x and y NHWC. Aliasing: none.
 * scratch, aligned to 4, with T the tiles of a strip rounded up to a multiple of 4: 72 * T * in_c bytes for inputs, 144 * in_c for
 * weights, 1152 for products, 6 * width for rows, and where tiles reach beyond the result, or a strip's tiles are no
 * multiple of 4, 16 * out_c for each of T. Exact: equals the convolution whose constants were folded. */
void tk_wino_dsp_s8(const int8_t *x, int8_t *y, const tk_wino_layer *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
