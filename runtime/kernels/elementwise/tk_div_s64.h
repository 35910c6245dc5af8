/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DIV_S64_H
#define TK_DIV_S64_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DIV with broadcasting, int64: cut off towards zero; 0 where x2 is 0, and the lowest number by -1 wraps around.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none. Exact. */
void tk_div_s64(const int64_t *x1, const int64_t *x2, int64_t *y, const tk_broadcast *shape);

#ifdef __cplusplus
}
#endif

#endif
