/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ADD_LINEAR_S8_H
#define TK_ADD_LINEAR_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ADD and SUB with broadcasting, int8, as one linear form of the codes: zero points, scales and roundings are in its numbers.
 *
 *     y = clamp((x1 * multiplier1 + x2 * multiplier2 + offset) >> 21, -128, 127)
 *
 * Ranges: no sum leaves int32.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap. Scratch: none. Exact. */
void tk_add_linear_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape, int32_t multiplier1,
                      int32_t multiplier2, int32_t offset);

#ifdef __cplusplus
}
#endif

#endif
