/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RESIZE_BILINEAR_U8_H
#define TK_RESIZE_BILINEAR_U8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RESIZE_BILINEAR, uint8: the mean of the four nearest input pixels, weighted by distance, rounded to nearest.
 * x begins with row in_row of each image, and has all rows that are needed; y is the `rows` rows from row out_row on.
 * The whole: 0, 0, out_h; of several images only that.
 * Aliasing: none. Scratch: none. Exact: equals the reference kernel but for the compiler's contraction of products and
 * sums. */
void tk_resize_bilinear_u8(const uint8_t *x, uint8_t *y, int32_t in_row, int32_t out_row, int32_t rows,
                           const tk_resize_f32_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
