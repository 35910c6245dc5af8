/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REDUCE_MAX_S8_H
#define TK_REDUCE_MAX_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* REDUCE_MAX, REDUCE_MIN, REDUCE_ANY, REDUCE_ALL over any dimensions, bytes: y = flip ^ the largest x ^ flip, read
 * as int8.
 * flip: 0 for the maximum of int8 and for "any" of bool, -1 for the minimum and "all"; -128 and 127 for maximum and
 * minimum of uint8.
 * Layout: x contiguous, y contiguous in the order of the kept dimensions. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro. */
void tk_reduce_max_s8(const void *x, void *y, const tk_reduce *shape, int32_t flip);

#ifdef __cplusplus
}
#endif

#endif
