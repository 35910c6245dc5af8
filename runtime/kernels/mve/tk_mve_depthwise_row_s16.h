/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DEPTHWISE_ROW_S16_H
#define TK_MVE_DEPTHWISE_ROW_S16_H

#include "tk_mve_depthwise_taps.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of DEPTHWISE_CONV_2D, int16 with int8 weights, by tk_mve_taps_s16: pixels whose windows lie inside in one go, the others one by
 * one, with pointers to zeros for what lies outside.
 *
 * Layout: rows layer->down.rows pointers to input rows, those outside to layer->down.padding, which is zeros; y a row of the output.
 * Rows are aligned to 2 bytes. Aliasing: none. Scratch: none. */
void tk_mve_depthwise_row_s16(const int8_t *const *rows, int16_t *y, const tk_mve_depthwise_taps *layer);

#ifdef __cplusplus
}
#endif

#endif
