/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RESIZE_BILINEAR_S8_H
#define TK_RESIZE_BILINEAR_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RESIZE_BILINEAR, int8: the mean of the four nearest input pixels, weighted by distances in 1/1024 pixels, rounded
 * to nearest, halves away from zero.
 * x begins with row in_row of each image, and has all rows that are needed; y is the `rows` rows from row out_row on.
 * The whole: 0, 0, out_h; of several images only that.
 * Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_resize_bilinear_s8(const int8_t *x, int8_t *y, int32_t in_row, int32_t out_row, int32_t rows,
                           const tk_resize_s8_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
