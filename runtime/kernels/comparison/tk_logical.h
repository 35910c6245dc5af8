/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LOGICAL_H
#define TK_LOGICAL_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A function of two booleans with broadcasting: y = bit x1 + 2 * x2 of `truth` (8: LOGICAL_AND, 14: LOGICAL_OR).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact. */
void tk_logical(const bool *x1, const bool *x2, bool *y, const tk_broadcast *shape, int32_t truth);

#ifdef __cplusplus
}
#endif

#endif
