/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DEPTHWISE_ROWS_BY2_S8_H
#define TK_MVE_DEPTHWISE_ROWS_BY2_S8_H

#include "tk_mve_depthwise.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of DEPTHWISE_CONV_2D, int8, stride 2, computed by tk_mve_cells_by2_s8.
 *
 * Layout: rows (out_rows - 1) * 2 + layer->down.rows pointers to input rows, those outside to layer->down.padding; y `out_rows`
 * rows of the output, layer->cells.out_row bytes apart; 1 <= out_rows <= layer->rows.
 * Aliasing: none; y may be the input if all rows and columns are computed at once. Scratch: as many strips as are computed at
 * once, of layer->cells.strip bytes. */
void tk_mve_depthwise_rows_by2_s8(const int8_t *const *rows, int8_t *y, int8_t *scratch, int32_t out_rows,
                                  const tk_mve_depthwise *layer);

#ifdef __cplusplus
}
#endif

#endif
