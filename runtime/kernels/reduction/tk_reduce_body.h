/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_reduce_* of integers: TK_SIGNED is an element's type, from TK_LEAST to TK_MOST;
 * TK_WRAPPED(a, op, b) a result modulo its size. Internal. */
#ifndef TK_REDUCE_BODY_H
#define TK_REDUCE_BODY_H

#include "tk_reduce_s32.h"
#include "tk_walk.h"

#ifdef TK_SIGNED

#ifdef __cplusplus
extern "C" {
#endif

static inline TK_SIGNED tk_reduce_neutral(int32_t reduction)
{
    switch (reduction) {
    case TK_REDUCE_PROD:
        return 1;
    case TK_REDUCE_MAX:
        return TK_LEAST;
    case TK_REDUCE_MIN:
        return TK_MOST;
    default:
        return 0;
    }
}

static inline TK_SIGNED tk_reduce_combine(TK_SIGNED a, TK_SIGNED b, int32_t reduction)
{
    switch (reduction) {
    case TK_REDUCE_PROD:
        return TK_WRAPPED(a, *, b);
    case TK_REDUCE_MAX:
        return a > b ? a : b;
    case TK_REDUCE_MIN:
        return a < b ? a : b;
    default:
        return TK_WRAPPED(a, +, b);
    }
}

static inline void tk_reduce_rows(const TK_SIGNED *restrict x, TK_SIGNED *restrict y, const tk_reduce *shape, int32_t reduction)
{
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    const int32_t step = shape->stride[last];
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = tk_reduce_neutral(reduction);
    }
    do {
        for (int32_t i = 0; i < shape->dims[last]; ++i) {
            TK_SIGNED *to = y + walk.offset1 + i * step;

            *to = tk_reduce_combine(*to, x[i], reduction);
        }
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
}

#ifdef __cplusplus
}
#endif

#endif

#endif
