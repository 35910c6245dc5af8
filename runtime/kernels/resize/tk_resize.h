/* SPDX-License-Identifier: Apache-2.0 */
/* What bilinear resizing in float shares. Internal. */
#ifndef TK_RESIZE_H
#define TK_RESIZE_H

#include <math.h>
#include <stdint.h>

#include "tk_math.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The two input pixels next to a position, and the second one's weight. */
typedef struct {
    int32_t lower;
    int32_t upper;
    float weight;
} tk_neighbours;

static inline tk_neighbours tk_locate(int32_t index, float scale, int32_t half_pixel_centers, int32_t size)
{
    const float position = half_pixel_centers ? ((float)index + 0.5f) * scale - 0.5f : (float)index * scale;
    tk_neighbours found;

    found.lower = tk_limit_index((int32_t)floorf(position), size);
    found.upper = tk_limit_index((int32_t)ceilf(position), size);
    found.weight = position - (float)found.lower;
    return found;
}

#ifdef __cplusplus
}
#endif

#endif
