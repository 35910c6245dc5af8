/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_CONV_ROW_SIGNED_S8_H
#define TK_MVE_CONV_ROW_SIGNED_S8_H

#include "tk_mve_conv.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of CONV_2D, int8, requantized as tk_mve_gemm_signed_s8 does it.
 *
 * Layout: rows layer->down.rows pointers to input rows, those above and below the input to layer->down.padding; y a row of the
 * output. Aliasing: none. Scratch: the longest run's columns, (left + columns + right) * columns.rows * columns.bytes bytes. */
void tk_mve_conv_row_signed_s8(const int8_t *const *rows, int8_t *y, int8_t *scratch, const tk_mve_conv *layer);

#ifdef __cplusplus
}
#endif

#endif
