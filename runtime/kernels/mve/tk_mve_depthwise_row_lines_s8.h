/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DEPTHWISE_ROW_LINES_S8_H
#define TK_MVE_DEPTHWISE_ROW_LINES_S8_H

#include "tk_mve_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of DEPTHWISE_CONV_2D, int8, from channels laid out as lines, TK_MVE_LINES at a time: tk_mve_planes_s8, tk_mve_lines_s8.
 *
 * Layout: rows layer->down.rows pointers to input rows, those outside to layer->down.padding; y a row of the output.
 * planes: TK_MVE_LINES * layer->lines.plane + 8 * layer->lines.stride + 32 bytes, overwritten.
 * Aliasing: none. Scratch: planes. */
void tk_mve_depthwise_row_lines_s8(const int8_t *const *rows, int8_t *y, int8_t *planes, const tk_mve_depthwise_lines *layer);

#ifdef __cplusplus
}
#endif

#endif
