/* SPDX-License-Identifier: Apache-2.0 */
/* How the C twins for inputs of 16 bits compute from packed weights and constants. Internal. */
#ifndef TK_MVE_STREAM_S16_H
#define TK_MVE_STREAM_S16_H

#include "tk_mve_stream.h"

/* The products of one of `lanes` lanes: `blocks` are their weights, eight at a time, `window` has `depth` inputs. */
static inline int32_t tk_mve_lane_s16(const int16_t *window, const int8_t *blocks, int32_t depth, int32_t lane, int32_t lanes)
{
    const int32_t steps = (depth + 7) / 8;
    const int32_t tail = depth - 8 * (steps - 1);
    int32_t acc = 0;

    for (int32_t i = 0; i < tail; ++i) {
        acc += (int32_t)window[8 * (steps - 1) + i] * blocks[8 * lane + i];
    }
    for (int32_t i = 0; i < depth - tail; ++i) {
        acc += (int32_t)window[i] * blocks[8 * (lanes * (1 + i / 8) + lane) + i % 8];
    }
    return acc;
}

/* The high word of acc * m, rounded (VRMULH), saturated to 16 bits, clamped. */
static inline int16_t tk_mve_high_s16(int32_t acc, int32_t m, int32_t min, int32_t max)
{
    const int32_t code = tk_mve_wide((int32_t)(((int64_t)acc * m + ((int64_t)1 << 31)) >> 32));

    return (int16_t)(code < min ? min : code > max ? max : code);
}

#endif
