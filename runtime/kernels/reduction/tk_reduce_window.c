/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_window.h"

#include "tk_element.h"
#include "tk_reduce_s32.h"
#include "tk_walk.h"

static int64_t combine(int64_t a, int64_t b, int32_t reduction)
{
    switch (reduction) {
    case TK_REDUCE_PROD:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case TK_REDUCE_MAX:
        return a >= b ? a : b;
    case TK_REDUCE_MIN:
        return a <= b ? a : b;
    case TK_REDUCE_ALL:
        return a != 0 && b != 0 ? 1 : 0;
    case TK_REDUCE_ANY:
        return a != 0 || b != 0 ? 1 : 0;
    default:
        return (int64_t)((uint64_t)a + (uint64_t)b);
    }
}

void tk_reduce_window(const void *restrict x, const void *initial, void *restrict y, const tk_windows *shape, int32_t reduction,
                      int32_t type)
{
    const int32_t columns = shape->dims[shape->rank - 1];
    const int32_t taps = shape->window[shape->rank - 1];
    int32_t row = 0;
    tk_walk outer = tk_walk_start();

    do {
        for (int32_t i = 0; i < columns; ++i) {
            const int32_t at = outer.offset1 + i * shape->step[shape->rank - 1];
            tk_walk inner = tk_walk_start();
            int64_t value = tk_load_integer(initial, 0, type);

            do {
                for (int32_t tap = 0; tap < taps; ++tap) {
                    const int32_t from = at + inner.offset1 + tap * shape->stride[shape->rank - 1];

                    value = combine(value, tk_load_integer(x, from, type), reduction);
                }
            } while (tk_walk_next(&inner, shape->rank, shape->window, shape->stride, shape->stride));
            tk_store_integer(y, row + i, type, value);
        }
        row += columns;
    } while (tk_walk_next(&outer, shape->rank, shape->dims, shape->step, shape->step));
}
