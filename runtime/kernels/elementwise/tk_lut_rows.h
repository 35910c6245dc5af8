/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LUT_ROWS_H
#define TK_LUT_ROWS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* tk_lut on a piece of a CONCATENATION: `rows` runs of `columns` elements each, x_stride apart in x and y_stride apart in y.
 * table: 256 results; for int8 x first those of 0 .. 127, then those of -128 .. -1. Strides >= columns.
 * Aliasing: none. Scratch: none. Exact. x, table and y: elements of one byte. */
void tk_lut_rows(const void *x, const void *table, void *y, int32_t rows, int32_t columns, int32_t x_stride,
                 int32_t y_stride);

#ifdef __cplusplus
}
#endif

#endif
