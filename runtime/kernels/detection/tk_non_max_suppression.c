/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_non_max_suppression.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "tk_heap.h"
#include "tk_overlap.h"

/* A box as (ymin, xmin, ymax, xmax). */
static void order(const float *corners, float *box)
{
    for (int32_t axis = 0; axis < 2; ++axis) {
        const float a = corners[axis];
        const float b = corners[axis + 2];

        box[axis] = b < a ? b : a;
        box[axis + 2] = a < b ? b : a;
    }
}

static float overlap(const float *boxes, int32_t first, int32_t second)
{
    float a[4];
    float b[4];

    order(boxes + 4 * first, a);
    order(boxes + 4 * second, b);
    return tk_overlap(a, b);
}

void tk_non_max_suppression(const float *boxes, const float *scores, const float *overlap_threshold,
                            const float *score_threshold, const float *sigma, int32_t *y, float *y_scores,
                            int32_t *chosen, int32_t count, int32_t most, void *heap)
{
    tk_heap_item *const items = (tk_heap_item *)heap;
    const bool soft = sigma != NULL && *sigma > 0.0f;
    const float fall = soft ? (float)(-0.5 / (double)*sigma) : 0.0f;
    int32_t left = 0;
    int32_t found = 0;
    int32_t limit;

    for (int32_t i = 0; i < count; ++i) {
        if (scores[i] > *score_threshold) {
            const tk_heap_item item = {scores[i], i, 0};

            tk_heap_push(items, &left, item);
        }
    }
    limit = left < most ? left : most;
    while (found < limit && left > 0) {
        tk_heap_item item = tk_heap_pop(items, &left);
        const float before = item.key;
        bool dropped = false;

        /* Each chosen box counts once: `seen` of them have. */
        for (int32_t i = found - 1; i >= item.seen && !dropped && item.key > *score_threshold; --i) {
            const float common = overlap(boxes, item.index, y[i]);

            dropped = common >= *overlap_threshold;
            item.key = soft && !dropped ? item.key * expf(fall * common * common) : item.key;
        }
        item.seen = found;
        if (dropped) {
            continue;
        }
        if (item.key == before) {
            y[found] = item.index;
            if (y_scores != NULL) {
                y_scores[found] = item.key;
            }
            ++found;
        }
        if (item.key > *score_threshold) {
            tk_heap_push(items, &left, item);
        }
    }
    *chosen = found;
    for (int32_t i = found; i < most; ++i) {
        y[i] = 0;
        if (y_scores != NULL) {
            y_scores[i] = 0.0f;
        }
    }
}
