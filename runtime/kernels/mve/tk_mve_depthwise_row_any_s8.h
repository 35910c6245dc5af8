/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DEPTHWISE_ROW_ANY_S8_H
#define TK_MVE_DEPTHWISE_ROW_ANY_S8_H

#include "tk_mve_depthwise_any.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of DEPTHWISE_CONV_2D, int8, computed pixel by pixel by tk_mve_taps_s8.
 *
 * Layout: rows layer->down.rows pointers to input rows, those outside to layer->down.padding; y a row of the output.
 * Aliasing: none. Scratch: none. */
void tk_mve_depthwise_row_any_s8(const int8_t *const *rows, int8_t *y, const tk_mve_depthwise_any *layer);

#ifdef __cplusplus
}
#endif

#endif
