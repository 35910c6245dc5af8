/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_TALL_DSP_ANY_S8_H
#define TK_CONV_TALL_DSP_ANY_S8_H

#include "tk_conv_tall.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int8, results of any sign: what tk_conv_dsp_any_s8 computes, by fours of rows (tk_conv_tall.h).
 *
 * Layout: x and y NHWC, one group; the rest is told with tk_conv_tall.
 * scratch, aligned to 4: 24 bytes for each of `words` and row of the window, and `outside`. Aliasing: none.
 * Exact: equals the convolution whose constants were folded, under the conditions of tk_gemm_s8.h. */
void tk_conv_tall_dsp_any_s8(const int8_t *x, int8_t *y, const tk_conv_tall *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
