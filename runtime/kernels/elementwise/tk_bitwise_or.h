/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BITWISE_OR_H
#define TK_BITWISE_OR_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ONNX BitwiseOr with broadcasting: y = x1 | x2. type: a tk_type, of integers of up to 32 bits.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none. Exact. */
void tk_bitwise_or(const void *x1, const void *x2, void *y, const tk_broadcast *shape, int32_t type);

#ifdef __cplusplus
}
#endif

#endif
