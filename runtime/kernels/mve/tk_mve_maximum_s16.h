/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_MAXIMUM_S16_H
#define TK_MVE_MAXIMUM_S16_H

#include "tk_mve_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The maximum of a window of int16, each channel on its own; of none, `min`.
 *
 *     y[c] = clamp(max over i < rows, j < columns of rows[i][x + j * pixel + 2 * c], min, max)
 *
 * Layout: rows and y are int16, aligned to 2 bytes; window in bytes, its channels, too. line: not read. Aliasing: none. Scratch: none;
 * 32 bytes of stack. */
void tk_mve_maximum_s16(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window, const tk_mve_line *line);

#ifdef __cplusplus
}
#endif

#endif
