/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_AVERAGE_S8_H
#define TK_MVE_AVERAGE_S8_H

#include "tk_mve_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The average of a window of int8, each channel on its own, rounded to nearest, ties away from zero.
 *
 *     y[c] = clamp(round(sum over i < rows, j < columns of rows[i][x + j * pixel + c] / (rows * columns)), min, max)
 *
 * line: not read. Ranges: 1 <= rows * columns <= 256. Aliasing: none. Scratch: none; 48 bytes of stack. */
void tk_mve_average_s8(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window, const tk_mve_line *line);

#ifdef __cplusplus
}
#endif

#endif
