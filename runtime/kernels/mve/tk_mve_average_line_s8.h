/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_AVERAGE_LINE_S8_H
#define TK_MVE_AVERAGE_LINE_S8_H

#include "tk_mve_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The average of a window of int8, each channel on its own, as `line` rounds it:
 *
 *     p = multiplier * (sum over i < rows, j < columns of rows[i][x + j * pixel + c])
 *     y[c] = clamp((p + addend + (((p >> shift) + zero_point) & even)) >> shift, min, max)
 *
 * Ranges: 1 <= rows * columns <= 256; multiplier fits into int16, no term leaves int32; 0 < shift < 32. Aliasing: none. Scratch: none; 96 bytes of stack. */
void tk_mve_average_line_s8(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window, const tk_mve_line *line);

#ifdef __cplusplus
}
#endif

#endif
