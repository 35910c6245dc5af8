/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_AVERAGE_S16_H
#define TK_MVE_AVERAGE_S16_H

#include "tk_mve_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The average of a window of int16, each channel on its own, rounded to nearest, ties away from zero.
 *
 *     y[c] = clamp(round(sum over i < rows, j < columns of rows[i][x + j * pixel + 2 * c] / (rows * columns)), min, max)
 *
 * Layout: rows and y are int16, aligned to 2 bytes; window in bytes, its channels, too. line: not read.
 * Ranges: 1 <= rows * columns < 2^16. Aliasing: none. Scratch: none; 48 bytes of stack. */
void tk_mve_average_s16(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window, const tk_mve_line *line);

#ifdef __cplusplus
}
#endif

#endif
