/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_POW_S64_H
#define TK_POW_S64_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* POW with broadcasting, int64: products wrap around; a negative exponent counts as 0.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none. Exact. */
void tk_pow_s64(const int64_t *x1, const int64_t *x2, int64_t *y, const tk_broadcast *shape);

#ifdef __cplusplus
}
#endif

#endif
