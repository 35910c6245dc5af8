/* SPDX-License-Identifier: Apache-2.0 */
/* Visits a tensor row by row (a row is the innermost dimension), following up to two more tensors on strides. Internal.
 *
 *     tk_walk walk = tk_walk_start();
 *     do {
 *         ... the row at walk.offset1 and walk.offset2 ...
 *     } while (tk_walk_next(&walk, rank, dims, stride1, stride2));
 */
#ifndef TK_WALK_H
#define TK_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int32_t index[TK_MAX_RANK];
    int32_t offset1;
    int32_t offset2;
} tk_walk;

static inline tk_walk tk_walk_start(void)
{
    const tk_walk start = {{0, 0, 0, 0, 0, 0}, 0, 0};

    return start;
}

/* Moves to the next row; false when there is none. */
static inline bool tk_walk_next(tk_walk *walk, int32_t rank, const int32_t *dims, const int32_t *stride1,
                                const int32_t *stride2)
{
    for (int32_t d = rank - 2; d >= 0; --d) {
        walk->index[d] += 1;
        walk->offset1 += stride1[d];
        walk->offset2 += stride2[d];
        if (walk->index[d] < dims[d]) {
            return true;
        }
        walk->index[d] = 0;
        walk->offset1 -= stride1[d] * dims[d];
        walk->offset2 -= stride2[d] * dims[d];
    }
    return false;
}

/* How many elements a reduction leaves: those of the kept dimensions. */
static inline int32_t tk_reduce_outputs(const tk_reduce *shape)
{
    int32_t count = 1;

    for (int32_t d = 0; d < shape->rank; ++d) {
        count *= shape->stride[d] != 0 ? shape->dims[d] : 1;
    }
    return count;
}

#ifdef __cplusplus
}
#endif

#endif
