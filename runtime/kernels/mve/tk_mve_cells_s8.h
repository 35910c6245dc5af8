/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_CELLS_S8_H
#define TK_MVE_CELLS_S8_H

#include "tk_mve_cells.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Input rows, NHWC, to cells: every column is stored twice, so that each strip has all that it needs.
 *
 *     y[s][r][c][i] = column 2 s + i of channel c in rows[r], the zero point outside
 *
 * Layout: tk_mve_cells.h. Channels beyond `channels` are set to anything. Aliasing: none. Scratch: none; 48 bytes of stack. */
void tk_mve_cells_s8(const int8_t *const *rows, int8_t *y, const tk_mve_cells *cells);

#ifdef __cplusplus
}
#endif

#endif
