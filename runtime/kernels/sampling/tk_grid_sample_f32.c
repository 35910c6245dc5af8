/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_grid_sample_f32.h"

#include <math.h>

#define MAX_TAPS 4
#define CUBIC (-0.75f)

/* Along one dimension: pixels and their weights. */
typedef struct {
    int32_t pixel[MAX_TAPS];
    float weight[MAX_TAPS];
} taps;

static int32_t count_of(int32_t mode)
{
    return mode == TK_SAMPLE_CUBIC ? 4 : mode == TK_SAMPLE_LINEAR ? 2 : 1;
}

/* A place mirrored at the ends until it lies between them. */
static float reflected(float place, float low, float high)
{
    const float span = high - low;

    if (place >= low && place <= high) {
        return place;
    }
    if (!(span > 0.0f)) {
        return low;
    }

    const int below = place < low;
    const float away = below ? low - place : place - high;
    const float times = floorf(away / span);
    const float rest = away - times * span;
    const int even = fmodf(times, 2.0f) == 0.0f;

    return (below != 0) == (even != 0) ? low + rest : high - rest;
}

static int32_t bounded(float place, int32_t size)
{
    if (!(place > 0.0f)) {
        return 0;
    }
    return place < (float)(size - 1) ? (int32_t)place : size - 1;
}

static float far_weight(float d)
{
    return ((CUBIC * d - 5.0f * CUBIC) * d + 8.0f * CUBIC) * d - 4.0f * CUBIC;
}

static float near_weight(float d)
{
    return ((CUBIC + 2.0f) * d - (CUBIC + 3.0f)) * d * d + 1.0f;
}

static void weigh(float rest, int32_t mode, float *weight)
{
    if (mode == TK_SAMPLE_NEAREST) {
        weight[0] = 1.0f;
    } else if (mode == TK_SAMPLE_LINEAR) {
        weight[0] = 1.0f - rest;
        weight[1] = rest;
    } else {
        weight[0] = far_weight(rest + 1.0f);
        weight[1] = near_weight(rest);
        weight[2] = near_weight(1.0f - rest);
        weight[3] = far_weight(2.0f - rest);
    }
}

static taps along(float coordinate, int32_t size, const tk_grid_shape *s)
{
    const float low = s->align_corners != 0 ? 0.0f : -0.5f;
    const float high = s->align_corners != 0 ? (float)(size - 1) : (float)size - 0.5f;
    const int32_t count = count_of(s->mode);
    float place = coordinate;
    taps found = {{0, 0, 0, 0}, {0.0f, 0.0f, 0.0f, 0.0f}};

    if (s->relative != 0) {
        place = s->align_corners != 0 ? (place + 1.0f) * (float)(size - 1) : (place + 1.0f) * (float)size - 1.0f;
        place /= 2.0f;
    }
    if (s->mode == TK_SAMPLE_NEAREST) {
        place = rintf(place);
    }
    if (s->mode == TK_SAMPLE_CUBIC) {
        /* Each of the pixels is bounded by itself. */
    } else if (s->beyond == TK_BEYOND_BORDER && (place < low || place > high)) {
        place = place < 0.0f ? 0.0f : place > (float)(size - 1) ? (float)(size - 1) : place;
    } else if (s->beyond == TK_BEYOND_REFLECTION) {
        place = reflected(place, low, high);
    }

    const float first = floorf(place);

    weigh(place - first, s->mode, found.weight);
    for (int32_t tap = 0; tap < count; ++tap) {
        const float at = first + (float)(count == 4 ? tap - 1 : tap);

        if (s->beyond == TK_BEYOND_ZEROS && !(at >= 0.0f && at < (float)size)) {
            found.weight[tap] = 0.0f;
        }
        found.pixel[tap] = bounded(s->beyond == TK_BEYOND_REFLECTION ? reflected(at, low, high) : at, size);
    }
    return found;
}

/* y += weight * the pixel, for all channels. */
static void add_pixel(const float *x, int32_t channels, float weight, float *y)
{
    for (int32_t c = 0; c < channels; ++c) {
        y[c] += weight * x[c];
    }
}

/* Missing dimensions are those of one pixel in front. */
static void sample(const float *x, const float *coordinates, float *y, const tk_grid_shape *s)
{
    const int32_t count = count_of(s->mode);
    int32_t number[TK_SAMPLE_RANK] = {1, 1, 1};
    int32_t size[TK_SAMPLE_RANK] = {1, 1, 1};
    taps found[TK_SAMPLE_RANK];

    for (int32_t d = 0; d < TK_SAMPLE_RANK; ++d) {
        const int32_t own = d - (TK_SAMPLE_RANK - s->rank);
        const taps only = {{0, 0, 0, 0}, {1.0f, 0.0f, 0.0f, 0.0f}};

        found[d] = only;
        if (own >= 0) {
            size[d] = s->dims[own];
            number[d] = count;
            found[d] = along(coordinates[s->rank - 1 - own], size[d], s);
        }
    }
    for (int32_t c = 0; c < s->channels; ++c) {
        y[c] = 0.0f;
    }
    for (int32_t i = 0; i < number[0]; ++i) {
        for (int32_t j = 0; j < number[1]; ++j) {
            for (int32_t k = 0; k < number[2]; ++k) {
                const int32_t row = found[0].pixel[i] * size[1] + found[1].pixel[j];
                const float weight = found[0].weight[i] * found[1].weight[j] * found[2].weight[k];

                add_pixel(x + (row * size[2] + found[2].pixel[k]) * s->channels, s->channels, weight, y);
            }
        }
    }
}

void tk_grid_sample_f32(const float *restrict x, const float *restrict grid, float *restrict y,
                        const tk_grid_shape *shape)
{
    int32_t image = shape->channels;

    for (int32_t d = 0; d < shape->rank; ++d) {
        image *= shape->dims[d];
    }
    for (int32_t b = 0; b < shape->batch; ++b) {
        for (int32_t p = 0; p < shape->points; ++p) {
            const int32_t point = b * shape->points + p;

            sample(x + b * image, grid + point * shape->rank, y + point * shape->channels, shape);
        }
    }
}
