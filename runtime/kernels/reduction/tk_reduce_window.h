/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REDUCE_WINDOW_H
#define TK_REDUCE_WINDOW_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* REDUCE_WINDOW, integers and bool: each output element is `initial` combined with the taps of its window, one after the other.
 * reduction: a tk_reduction of tk_reduce_s32.h; sums and products wrap, ALL and ANY give 0 or 1. type: a tk_type, of x, initial
 * and y. initial: one element. Layout: x and y contiguous. Aliasing: none. Scratch: none. Exact: equals LiteRT. */
void tk_reduce_window(const void *x, const void *initial, void *y, const tk_windows *shape, int32_t reduction,
                      int32_t type);

#ifdef __cplusplus
}
#endif

#endif
