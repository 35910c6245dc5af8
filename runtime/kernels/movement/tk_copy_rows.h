/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COPY_ROWS_H
#define TK_COPY_ROWS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A piece of a CONCATENATION, SPLIT, SLICE or PACK: `rows` runs of row_bytes each, x_stride_bytes apart in x and
 * y_stride_bytes apart in y. Strides >= row_bytes, except that x_stride_bytes may be 0 to repeat one row.
 * Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_copy_rows(const void *x, void *y, int32_t rows, int32_t row_bytes, int32_t x_stride_bytes,
                  int32_t y_stride_bytes);

#ifdef __cplusplus
}
#endif

#endif
