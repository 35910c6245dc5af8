/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_TALL_DSP_ANY_S8_H
#define TK_CONV_TALL_DSP_ANY_S8_H

#include "tk_conv_tall.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int8, results of any sign: what tk_conv_dsp_any_s8 computes, by fours of rows (tk_conv_tall.h).
 *
 * Layout: x and y NHWC, one group, channels even, out_rows at least 4, 3 * stride + seen at most TK_CONV_ROWS; weights as for
 * tk_gemm_s8, in the order in which inputs are woven: of every two bytes of a row of the window after the other, all rows.
 * Of `layer`: strip: output columns at a time, an even number if weave.pitch is an odd one and they are not all; weave.words: of
 * four bytes, as many as their windows reach over in a row; weave.segments: pairs of bytes of a row of a window, the last one
 * rounded up; weave.rows, weave.row_step, weave.pitch as for tk_weave; width: row_bytes if windows reach above or below the image,
 * else 0; lead and the rest of weave are not used.
 * scratch, aligned to 4: 24 bytes for each of weave.words and row of the window, and width. Aliasing: none.
 * Exact: equals the convolution whose constants were folded, under the conditions of tk_gemm_s8.h. */
void tk_conv_tall_dsp_any_s8(const int8_t *x, int8_t *y, const tk_conv_layer *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
