/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_window_f32.h"

#include "tk_reduce_s32.h"
#include "tk_walk.h"

static float combine(float a, float b, int32_t reduction)
{
    switch (reduction) {
    case TK_REDUCE_PROD:
        return a * b;
    case TK_REDUCE_MAX:
        return a >= b ? a : b;
    case TK_REDUCE_MIN:
        return a <= b ? a : b;
    case TK_REDUCE_ALL:
        return a != 0.0f && b != 0.0f ? 1.0f : 0.0f;
    case TK_REDUCE_ANY:
        return a != 0.0f || b != 0.0f ? 1.0f : 0.0f;
    default:
        return a + b;
    }
}

void tk_reduce_window_f32(const float *restrict x, const float *initial, float *restrict y, const tk_windows *shape,
                          int32_t reduction)
{
    const int32_t columns = shape->dims[shape->rank - 1];
    const int32_t taps = shape->window[shape->rank - 1];
    int32_t row = 0;
    tk_walk outer = tk_walk_start();

    do {
        for (int32_t i = 0; i < columns; ++i) {
            const int32_t at = outer.offset1 + i * shape->step[shape->rank - 1];
            tk_walk inner = tk_walk_start();
            float value = initial[0];

            do {
                for (int32_t tap = 0; tap < taps; ++tap) {
                    const int32_t from = at + inner.offset1 + tap * shape->stride[shape->rank - 1];

                    value = combine(value, x[from], reduction);
                }
            } while (tk_walk_next(&inner, shape->rank, shape->window, shape->stride, shape->stride));
            y[row + i] = value;
        }
        row += columns;
    } while (tk_walk_next(&outer, shape->rank, shape->dims, shape->step, shape->step));
}
