/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_ROWS_DSP_S8_H
#define TK_DEPTHWISE_ROWS_DSP_S8_H

#include "tk_depthwise_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `lines` lines of the result of a depthwise convolution, as tk_depthwise_dsp_s8 computes them, 1 <= lines <= strip_lines.
 * rows: pointers to the (lines - 1) * stride_lines + reach_lines lines of the input that they see; NULL stands for a line of
 * padding. y: the first of the lines. scratch: as for tk_depthwise_dsp_s8. Aliasing: none. */
void tk_depthwise_rows_dsp_s8(const int8_t *const *rows, int8_t *y, int32_t lines, const tk_depthwise_layer *layer,
                              uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
