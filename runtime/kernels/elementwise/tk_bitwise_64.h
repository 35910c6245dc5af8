/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BITWISE_64_H
#define TK_BITWISE_64_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { TK_BITS_AND, TK_BITS_OR, TK_BITS_XOR, TK_BITS_LEFT, TK_BITS_RIGHT } tk_bits;

/* y = f(x1, x2) of the bits of numbers of 64 bits, int64 if `has_sign`, else uint64; with broadcasting.
 *
 * To the left: by x2 below 0 or beyond 63, all bits are lost. To the right: copies the sign of int64; x2 below 0 counts as 0,
 * beyond 63 as 63. Aliasing: y may be x1 or x2 where that has the shape of y. Scratch: none. Exact. */
void tk_bitwise_64(const void *x1, const void *x2, void *y, const tk_broadcast *shape, int32_t function, int32_t has_sign);

#ifdef __cplusplus
}
#endif

#endif
