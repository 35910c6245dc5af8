/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_LEAN_DSP_S8_H
#define TK_CONV_LEAN_DSP_S8_H

#include "tk_near.h"

#define TK_LEAN_ROWS 32
#define TK_LEAN_WINDOW 128

#ifdef __cplusplus
extern "C" {
#endif

/* What tk_conv_lean_dsp_s8 needs to know. near: pitch and apart of neighbouring pixels. in_rows, in_pixels, in_bytes: of an image
 * and of its pixels. first: bytes from the first pixel of a row to the first window, negative in padding. low, high: the pixels of
 * a row, low .. high - 1, whose windows lie in it. zero_point: of the input. */
typedef struct {
    tk_near near;
    int32_t batch;
    int32_t in_rows;
    int32_t row_bytes;
    int32_t out_rows;
    int32_t out_w;
    int32_t stride;
    int32_t pad;
    int32_t first;
    int32_t low;
    int32_t high;
    int32_t zero_point;
} tk_lean;

/* CONV_2D, int8, with next to no scratch: inputs are read where they are and widened in registers (tk_near.h).
 * Layout: x and y NHWC. A segment is a row of the window, in whole words: what is read beyond it meets weights of 0. Ranges: reach
 * of the window <= TK_LEAN_ROWS rows, channels even. scratch: a window, near.segments * near.bytes, for those that reach beyond the
 * image; NULL if there are none, or if a window has at most TK_LEAN_WINDOW bytes, for which there is room on the stack.
 * Aliasing: none. Exact: equals the convolution whose constants were folded. */
void tk_conv_lean_dsp_s8(const int8_t *x, int8_t *y, const tk_lean *lean, int8_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
