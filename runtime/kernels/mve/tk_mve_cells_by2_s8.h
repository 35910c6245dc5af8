/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_CELLS_BY2_S8_H
#define TK_MVE_CELLS_BY2_S8_H

#include "tk_mve_cells.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Depthwise convolution of cells, int8, stride 2, kernels of at most 4 x 4.
 *
 *     acc           = sum over i, j < 4 of w[c][4 i + j] * cells[q][2 p + i][c][j]
 *     h             = ((acc + b[c]) * m[c] + 2^30 >> 31) + a[c]
 *     y[p][q][c]    = clamp(shift == 0 ? h : (h + 2^(shift - 1)) >> shift, -128, 127)
 *
 * for p < out_rows, q < out_columns, c < channels; y[p][q][c] lies at p * out_row + q * out_pixel + c.
 * Layout: cells as in tk_mve_cells.h, strips of 2 * out_rows + 2 rows (out_rows odd: 2 * out_rows + 4), one for each
 * column; weights, aligned to 4 bytes: per channel the kernel w in 4 x 4, 16 bytes; b, m, a, 32 bits each, little
 * endian.
 * Ranges: acc + b within int32. 3 * out_row + out_pixel < 2^16. Aliasing: none (y may be what the cells were made of).
 * Scratch: none; 232 bytes of stack.
 * Exact: where b, m and a have the steps of TensorFlow Lite Micro's double rounding (tinycc/numerics/staircase_mve.py). */
void tk_mve_cells_by2_s8(const int8_t *cells, const int8_t *weights, int8_t *y, const tk_mve_cells *shape);

#ifdef __cplusplus
}
#endif

#endif
