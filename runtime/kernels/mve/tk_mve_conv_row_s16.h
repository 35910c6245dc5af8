/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_CONV_ROW_S16_H
#define TK_MVE_CONV_ROW_S16_H

#include "tk_mve_conv.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of CONV_2D, int16 with int8 weights, by tk_mve_gemm_s16.
 *
 * Layout: rows layer->down.rows pointers to input rows, those above and below the input to layer->down.padding, which is zeros; y a row
 * of the output. layer->gemm counts elements, as does the place of a run in y; all else of layer counts bytes. Rows are aligned to
 * 2 bytes. Aliasing: none. Scratch: the longest run's columns, (left + columns + right) * columns.rows * columns.bytes bytes. */
void tk_mve_conv_row_s16(const int8_t *const *rows, int16_t *y, int16_t *scratch, const tk_mve_conv *layer);

#ifdef __cplusplus
}
#endif

#endif
