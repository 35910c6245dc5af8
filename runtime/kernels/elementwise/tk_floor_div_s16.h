/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FLOOR_DIV_S16_H
#define TK_FLOOR_DIV_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FLOOR_DIV with broadcasting, int16: y = the largest integer that is not above x1 / x2; 0 where x2 is 0.
 * The lowest number divided by -1 stays as it is.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact. */
void tk_floor_div_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape);

#ifdef __cplusplus
}
#endif

#endif
