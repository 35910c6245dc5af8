/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REDUCE_S32_H
#define TK_REDUCE_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a reduction makes of two values. */
typedef enum {
    TK_REDUCE_SUM = 0,
    TK_REDUCE_PROD = 1,
    TK_REDUCE_MAX = 2,
    TK_REDUCE_MIN = 3,
    TK_REDUCE_ALL = 4,
    TK_REDUCE_ANY = 5
} tk_reduction;

/* SUM, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN over any dimensions, int32; sums and products wrap. reduction: a
 * tk_reduction of these.
 * Layout: x contiguous, y contiguous in the order of the kept dimensions. Aliasing: none. Scratch: none.
 * Exact: equals LiteRT. */
void tk_reduce_s32(const int32_t *x, int32_t *y, const tk_reduce *shape, int32_t reduction);

#ifdef __cplusplus
}
#endif

#endif
