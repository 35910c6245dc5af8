/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_QUADS_DSP_S8_H
#define TK_CONV_QUADS_DSP_S8_H

#include "tk_conv_quads.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int8, with little scratch: the inputs of two pixels, widened, times four channels in three sums (tk_quads.h).
 * Layout: x and y NHWC. A segment is a row of the window, in whole words: what is read beyond it meets weights of 0. Ranges: reach
 * of the window <= TK_QUADS_ROWS rows; no weight is -128. scratch: 4 * together * bytes and, if those are not all pieces, 24 bytes
 * for every four channels, half of both if rows have one pixel; NULL if that is at most 4 * TK_QUADS_STACK bytes, for which there is
 * room on the stack.
 * Aliasing: none. Exact: equals the convolution whose constants were folded. */
void tk_conv_quads_dsp_s8(const int8_t *x, int8_t *y, const tk_conv_quads *conv, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
