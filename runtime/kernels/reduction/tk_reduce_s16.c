/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_s16.h"

#include "tk_walk.h"

static int16_t neutral(int32_t reduction)
{
    switch (reduction) {
    case TK_REDUCE_PROD:
        return 1;
    case TK_REDUCE_MAX:
        return INT16_MIN;
    case TK_REDUCE_MIN:
        return INT16_MAX;
    default:
        return 0;
    }
}

static int16_t combine(int16_t a, int16_t b, int32_t reduction)
{
    switch (reduction) {
    case TK_REDUCE_PROD:
        return (int16_t)(uint16_t)((uint32_t)a * (uint32_t)b);
    case TK_REDUCE_MAX:
        return a > b ? a : b;
    case TK_REDUCE_MIN:
        return a < b ? a : b;
    default:
        return (int16_t)(uint16_t)((uint32_t)a + (uint32_t)b);
    }
}

void tk_reduce_s16(const int16_t *restrict x, int16_t *restrict y, const tk_reduce *shape, int32_t reduction)
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
            int16_t *to = y + walk.offset1 + i * step;

            *to = combine(*to, x[i], reduction);
        }
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
}
