/* SPDX-License-Identifier: Apache-2.0 */
/* Visits all pairs of positions that a window over three dimensions brings together. Internal. */
#ifndef TK_VOLUME_WALK_H
#define TK_VOLUME_WALK_H

#include <stdint.h>

#include "tk_volume.h"
#include "tk_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An outer position, and the taps there that meet inner ones, along each axis. */
typedef struct {
    tk_window axis[3];
} tk_volume_window;

/* Of outer position `index`, counted in row-major order. */
static inline tk_volume_window tk_volume_at(const tk_volume_shape *s, int32_t index)
{
    const int32_t at[3] = {index / (s->outer[1] * s->outer[2]), index / s->outer[2] % s->outer[1], index % s->outer[2]};
    tk_volume_window window;

    for (int32_t a = 0; a < 3; ++a) {
        window.axis[a] = tk_window_clip(at[a] * s->stride[a] - s->pad[a], s->dilation[a], s->taps[a], s->inner[a]);
    }
    return window;
}

/* How many pairs there are at that position. */
static inline int32_t tk_volume_pairs(const tk_volume_window *window)
{
    return window->axis[0].count * window->axis[1].count * window->axis[2].count;
}

/* Pair `index` of a window: which tap, and which inner position. */
typedef struct {
    int32_t tap;
    int32_t inner;
} tk_volume_pair;

static inline tk_volume_pair tk_volume_pair_at(const tk_volume_shape *s, const tk_volume_window *window, int32_t index)
{
    const int32_t rows = window->axis[1].count;
    const int32_t columns = window->axis[2].count;
    const int32_t step[3] = {index / (rows * columns), index / columns % rows, index % columns};
    tk_volume_pair pair = {0, 0};

    for (int32_t a = 0; a < 3; ++a) {
        pair.tap = pair.tap * s->taps[a] + window->axis[a].begin + step[a];
        pair.inner = pair.inner * s->inner[a] + window->axis[a].first + step[a] * s->dilation[a];
    }
    return pair;
}

#ifdef __cplusplus
}
#endif

#endif
