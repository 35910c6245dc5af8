/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_roi_align_f32.h"

#include <math.h>
#include <stdbool.h>

#define MAX_SAMPLES 4096 /* in one direction of a cell: a region far larger than any image is read no more often */

/* Along one dimension: the pixels before and behind a place, and their weights. */
typedef struct {
    int32_t pixel[2];
    float weight[2];
} ends;

static ends around(float place, int32_t size)
{
    const float from = place > 0.0f ? place : 0.0f;
    const int32_t low = from < (float)(size - 1) ? (int32_t)from : size - 1;
    const float rest = low >= size - 1 ? 0.0f : from - (float)low;
    const ends found = {{low, low >= size - 1 ? size - 1 : low + 1}, {1.0f - rest, rest}};

    return found;
}

static bool inside(float place, int32_t size)
{
    return place >= -1.0f && place <= (float)size;
}

static int32_t samples_of(float cell, int32_t fixed)
{
    const float count = ceilf(cell);

    if (fixed > 0) {
        return fixed;
    }
    return count > 0.0f ? (count < (float)MAX_SAMPLES ? (int32_t)count : MAX_SAMPLES) : 0;
}

/* The sample at a place taken into y; `first`: it is the first one. */
static void take(const float *x, float row, float column, float *y, const tk_roi_shape *s, bool first)
{
    const bool known = inside(row, s->height) && inside(column, s->width);
    const ends vertical = around(known ? row : 0.0f, s->height);
    const ends horizontal = around(known ? column : 0.0f, s->width);

    for (int32_t c = 0; c < s->channels; ++c) {
        for (int32_t corner = 0; corner < 4; ++corner) {
            const int32_t i = corner / 2;
            const int32_t j = corner % 2;
            const float weight = known ? vertical.weight[i] * horizontal.weight[j] : 0.0f;
            const float pixel = x[(vertical.pixel[i] * s->width + horizontal.pixel[j]) * s->channels + c];
            const float value = weight * pixel;

            if (s->largest == 0) {
                y[c] += value;
            } else if ((first && corner == 0) || value > y[c]) {
                y[c] = value;
            }
        }
    }
}

/* One cell: y_start and x_start are its corner, height and width its sides, in pixels. */
static void pool_cell(const float *x, const float *corner, const float *side, float *y, const tk_roi_shape *s)
{
    const int32_t down = samples_of(side[0], s->samples);
    const int32_t across = samples_of(side[1], s->samples);

    for (int32_t c = 0; c < s->channels; ++c) {
        y[c] = 0.0f;
    }
    for (int32_t i = 0; i < down; ++i) {
        for (int32_t j = 0; j < across; ++j) {
            const float row = corner[0] + ((float)i + 0.5f) * side[0] / (float)down;
            const float column = corner[1] + ((float)j + 0.5f) * side[1] / (float)across;

            take(x, row, column, y, s, i == 0 && j == 0);
        }
    }
    for (int32_t c = 0; s->largest == 0 && down * across > 0 && c < s->channels; ++c) {
        y[c] /= (float)(down * across);
    }
}

static void pool_region(const float *x, const float *roi, float *y, const tk_roi_shape *s)
{
    const float left = roi[0] * s->scale - s->offset;
    const float top = roi[1] * s->scale - s->offset;
    float height = roi[3] * s->scale - s->offset - top;
    float width = roi[2] * s->scale - s->offset - left;

    if (!(s->offset > 0.0f)) {
        height = height > 1.0f ? height : 1.0f;
        width = width > 1.0f ? width : 1.0f;
    }

    const float side[2] = {height / (float)s->rows, width / (float)s->columns};

    for (int32_t i = 0; i < s->rows; ++i) {
        for (int32_t j = 0; j < s->columns; ++j) {
            const float corner[2] = {top + (float)i * side[0], left + (float)j * side[1]};

            pool_cell(x, corner, side, y + (i * s->columns + j) * s->channels, s);
        }
    }
}

void tk_roi_align_f32(const float *restrict x, const float *restrict rois, const int32_t *restrict images,
                      float *restrict y, const tk_roi_shape *shape)
{
    const int32_t image = shape->height * shape->width * shape->channels;
    const int32_t region = shape->rows * shape->columns * shape->channels;

    for (int32_t r = 0; r < shape->regions; ++r) {
        const int32_t asked = images[r] > 0 ? images[r] : 0;
        const int32_t number = asked < shape->batch ? asked : shape->batch - 1;

        pool_region(x + number * image, rois + 4 * r, y + r * region, shape);
    }
}
