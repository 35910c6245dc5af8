/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_s64.h"

#include "tk_walk.h"

static int64_t neutral(int32_t reduction)
{
    switch (reduction) {
    case TK_REDUCE_PROD:
        return 1;
    case TK_REDUCE_MAX:
        return INT64_MIN;
    case TK_REDUCE_MIN:
        return INT64_MAX;
    default:
        return 0;
    }
}

static int64_t combine(int64_t a, int64_t b, int32_t reduction)
{
    switch (reduction) {
    case TK_REDUCE_PROD:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case TK_REDUCE_MAX:
        return a > b ? a : b;
    case TK_REDUCE_MIN:
        return a < b ? a : b;
    default:
        return (int64_t)((uint64_t)a + (uint64_t)b);
    }
}

void tk_reduce_s64(const int64_t *restrict x, int64_t *restrict y, const tk_reduce *shape, int32_t reduction)
{
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    const int32_t step = shape->stride[last];
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = neutral(reduction);
    }
    do {
        for (int32_t i = 0; i < shape->dims[last]; ++i) {
            int64_t *to = y + walk.offset1 + i * step;

            *to = combine(*to, x[i], reduction);
        }
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
}
