/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RFFT2D_LOAD_F32_H
#define TK_RFFT2D_LOAD_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Images of x_rows * x_columns, of which `rows` rows of `columns` elements count, to be transformed as `height` rows of 2 n
 * elements. rows <= x_rows, rows <= height, columns <= x_columns, columns <= 2 n; everything >= 1. */
typedef struct {
    int32_t images;
    int32_t x_rows;
    int32_t x_columns;
    int32_t rows;
    int32_t columns;
    int32_t height;
    int32_t n;
} tk_rfft2d_shape;

/* Rows of real elements as the points of FFTs of half the length, zeros in the rest: two elements are one point,
 *     y[i][r][positions[k]] = x[i][r][2 k] + i x[i][r][2 k + 1].
 * Layout: x [images, x_rows, x_columns]; y [images, height], rows of n + 1 points each, of which the last is not written;
 * positions [n]: where the stages want each point.
 * Aliasing: none. Scratch: none. */
void tk_rfft2d_load_f32(const float *x, float *y, const int16_t *positions, const tk_rfft2d_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
