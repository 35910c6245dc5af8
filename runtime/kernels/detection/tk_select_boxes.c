/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_select_boxes.h"

#include <stdbool.h>

/* Lower corner, then upper corner. */
static void corners(const float *box, int32_t centred, float *found)
{
    for (int32_t axis = 0; axis < 2; ++axis) {
        const float a = box[axis];
        const float b = box[axis + 2];

        if (centred != 0) {
            found[axis] = a - b / 2.0f;
            found[axis + 2] = a + b / 2.0f;
        } else {
            found[axis] = b < a ? b : a;
            found[axis + 2] = a < b ? b : a;
        }
    }
}

static bool covered(const float *first, const float *second, const tk_select_params *p)
{
    float a[4];
    float b[4];
    float side[2];

    corners(first, p->centred, a);
    corners(second, p->centred, b);
    for (int32_t axis = 0; axis < 2; ++axis) {
        const float low = a[axis] > b[axis] ? a[axis] : b[axis];
        const float high = a[axis + 2] < b[axis + 2] ? a[axis + 2] : b[axis + 2];

        if (!(high > low)) {
            return false;
        }
        side[axis] = high - low;
    }

    const float area_a = (a[2] - a[0]) * (a[3] - a[1]);
    const float area_b = (b[2] - b[0]) * (b[3] - b[1]);
    const float common = side[0] * side[1];

    return area_a > 0.0f && area_b > 0.0f && common / (area_a + area_b - common) > p->overlap;
}

/* The box that was not seen with the best score above the threshold; -1: there is none. */
static int32_t best_of(const float *scores, const uint8_t *seen, const tk_select_params *p)
{
    int32_t best = -1;

    for (int32_t box = 0; box < p->boxes; ++box) {
        if (seen[box] == 0 && scores[box] > p->threshold && (best < 0 || scores[box] > scores[best])) {
            best = box;
        }
    }
    return best;
}

/* The boxes of one class of one image, from row `start` on; the row behind them. */
static int32_t select_class(const float *boxes, const float *scores, int32_t *y, int32_t start, uint8_t *seen,
                            const tk_select_params *p)
{
    int32_t row = start;

    for (int32_t box = 0; box < p->boxes; ++box) {
        seen[box] = 0;
    }
    while (row < p->rows && row - start < p->most) {
        const int32_t best = best_of(scores, seen, p);
        bool free = true;

        if (best < 0) {
            break;
        }
        seen[best] = 1;
        for (int32_t i = start; i < row && free; ++i) {
            free = !covered(boxes + 4 * best, boxes + 4 * y[3 * i + 2], p);
        }
        if (free) {
            y[3 * row + 2] = best;
            ++row;
        }
    }
    return row;
}

void tk_select_boxes(const float *restrict boxes, const float *restrict scores, int32_t *restrict y,
                     uint8_t *restrict seen, const tk_select_params *params)
{
    const tk_select_params *p = params;
    int32_t row = 0;

    for (int32_t image = 0; image < p->images; ++image) {
        for (int32_t label = 0; label < p->classes; ++label) {
            const float *own = scores + (image * p->classes + label) * p->boxes;
            const int32_t end = select_class(boxes + 4 * image * p->boxes, own, y, row, seen, p);

            for (; row < end; ++row) {
                y[3 * row] = image;
                y[3 * row + 1] = label;
            }
        }
    }
    for (int32_t i = 3 * row; i < 3 * p->rows; ++i) {
        y[i] = -1;
    }
}
