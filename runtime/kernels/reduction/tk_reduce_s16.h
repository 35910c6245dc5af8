/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REDUCE_S16_H
#define TK_REDUCE_S16_H

#include <stdint.h>

#include "tk_reduce_s32.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SUM, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN over any dimensions, int16; sums and products wrap. reduction: a
 * tk_reduction of tk_reduce_s32.h.
 * Layout: x contiguous, y contiguous in the order of the kept dimensions. Aliasing: none. Scratch: none.
 * Exact: equals LiteRT. */
void tk_reduce_s16(const int16_t *x, int16_t *y, const tk_reduce *shape, int32_t reduction);

#ifdef __cplusplus
}
#endif

#endif
