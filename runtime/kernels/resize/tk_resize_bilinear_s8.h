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
 * Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_resize_bilinear_s8(const int8_t *x, int8_t *y, const tk_resize_s8_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
