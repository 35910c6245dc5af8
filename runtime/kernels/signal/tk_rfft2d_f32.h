/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RFFT2D_F32_H
#define TK_RFFT2D_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Images of x_rows * x_columns, of which `rows` rows of `columns` elements count, are transformed as `height` rows of `width`.
 * rows <= x_rows, rows <= height, columns <= x_columns, columns <= width; height and width are powers of two, width >= 2;
 * everything >= 1. */
typedef struct {
    int32_t images;
    int32_t x_rows;
    int32_t x_columns;
    int32_t rows;
    int32_t columns;
    int32_t height;
    int32_t width;
} tk_rfft2d_shape;

/* RFFT2D: with V = exp(-2 pi i / height), W = exp(-2 pi i / width), zeros following x,
 *     y[i][u][v] = sum over r and c of V^(u r) W^(v c) x[i][r][c], v from 0 to width / 2.
 * In double, rounded once.
 * Layout: x [images, x_rows, x_columns]; y [images, height, width / 2 + 1], each real part, imaginary part; row_twiddles
 * [width / 2]: W^k, column_twiddles [height / 2]: V^k (of one row: not read), of either part a float and what is left of it.
 * Aliasing: none. Scratch: z, height * (width / 2 + 1) points of two doubles.
 * Equal to LiteRT but for the last bit. */
void tk_rfft2d_f32(const float *x, float *y, const float *row_twiddles, const float *column_twiddles, void *z,
                   const tk_rfft2d_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
