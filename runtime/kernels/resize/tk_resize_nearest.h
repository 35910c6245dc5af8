/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RESIZE_NEAREST_H
#define TK_RESIZE_NEAREST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* RESIZE_NEAREST_NEIGHBOR of an NHWC tensor: output pixel (h, w) is input pixel (rows[h], columns[w]). Any rule of
 * rounding is in the two tables. in_h, in_w: the input's; out_h, out_w: the tables' lengths. pixel_bytes: of all
 * channels.
 * Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_resize_nearest(const void *x, void *y, const int32_t *rows, const int32_t *columns, int32_t batch, int32_t in_h,
                       int32_t in_w, int32_t out_h, int32_t out_w, int32_t pixel_bytes);

#ifdef __cplusplus
}
#endif

#endif
