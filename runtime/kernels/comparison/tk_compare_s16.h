/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COMPARE_S16_H
#define TK_COMPARE_S16_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* EQUAL, LESS and the like with broadcasting, int16: y = whether what x1 is to x2 is one of `cases`, a sum out of TK_LESS (1),
 * TK_EQUAL (2), TK_GREATER (4) and TK_UNORDERED (8) (not among numbers).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: none. Scratch: none.
 * Exact: equals LiteRT's reference kernel. */
void tk_compare_s16(const int16_t *x1, const int16_t *x2, bool *y, const tk_broadcast *shape, int32_t cases);

#ifdef __cplusplus
}
#endif

#endif
