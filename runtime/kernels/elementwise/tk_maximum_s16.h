/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MAXIMUM_S16_H
#define TK_MAXIMUM_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MAXIMUM with broadcasting, int16: y = x1 > x2 ? x1 : x2.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_maximum_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape);

#ifdef __cplusplus
}
#endif

#endif
