/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RESIZE_BILINEAR_F32_H
#define TK_RESIZE_BILINEAR_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RESIZE_BILINEAR, float32: the mean of the four nearest input pixels, weighted by distance.
 * x begins with row in_row of each image, and has all rows that are needed; y is the `rows` rows from row out_row on.
 * The whole: 0, 0, out_h; of several images only that.
 * Aliasing: none. Scratch: none. Exact: equals the reference kernel but for the compiler's contraction of products and
 * sums. */
void tk_resize_bilinear_f32(const float *x, float *y, int32_t in_row, int32_t out_row, int32_t rows,
                            const tk_resize_f32_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
