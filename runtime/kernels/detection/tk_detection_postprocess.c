/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_detection_postprocess.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "tk_heap.h"
#include "tk_overlap.h"

/* What all steps look at. */
typedef struct {
    const void *boxes;
    const void *scores;
    const void *anchors;
    const tk_detection_params *params;
} detection;

static float number(const void *from, const tk_detection_codes *codes, int32_t index)
{
    if (codes->scale > 0.0f) {
        return (float)(((const int8_t *)from)[index] - codes->zero_point) * codes->scale;
    }
    return ((const float *)from)[index];
}

/* The centre and half the size of a box along one axis, as its borders. */
static void span(const detection *d, int32_t anchor, int32_t axis, float scale, float size_scale, float *box)
{
    const tk_detection_params *const p = d->params;
    const int32_t row = anchor * p->encoding + axis;
    const double place = (double)number(d->anchors, &p->anchor_codes, anchor * 4 + axis);
    const double size = (double)number(d->anchors, &p->anchor_codes, anchor * 4 + axis + 2);
    const double shift = (double)number(d->boxes, &p->box_codes, row) / (double)scale;
    const double growth = (double)number(d->boxes, &p->box_codes, row + 2) / (double)size_scale;
    const float centre = (float)(shift * size + place);
    const float half = (float)(0.5 * exp(growth) * size);

    box[axis] = centre - half;
    box[axis + 2] = centre + half;
}

static void decode(const detection *d, int32_t anchor, float *box)
{
    span(d, anchor, 0, d->params->y_scale, d->params->height_scale, box);
    span(d, anchor, 1, d->params->x_scale, d->params->width_scale, box);
}

static bool overlaps(const float *box, const float *chosen, int32_t count, float threshold)
{
    for (int32_t i = 0; i < count; ++i) {
        if (tk_overlap(chosen + 4 * i, box) > threshold) {
            return true;
        }
    }
    return false;
}

static float score_at(const detection *d, int32_t index)
{
    const tk_detection_params *const p = d->params;

    if (index < p->vector_scores) {
        return (float)(((const int8_t *)d->scores)[index] + 128) * p->score_codes.scale + p->vector_offset;
    }
    return number(d->scores, &p->score_codes, index);
}

/* The best class of an anchor, the first of equal ones: where its score is. */
static int32_t best_score(const detection *d, int32_t anchor)
{
    const int32_t end = (anchor + 1) * d->params->columns;
    int32_t best = end - d->params->classes;

    if (end <= d->params->vector_scores) {
        const int8_t *const codes = (const int8_t *)d->scores;

        for (int32_t i = best + 1; i < end; ++i) {
            best = codes[i] > codes[best] ? i : best;
        }
    } else {
        float highest = score_at(d, best);

        for (int32_t i = best + 1; i < end; ++i) {
            const float score = score_at(d, i);

            if (score > highest) {
                highest = score;
                best = i;
            }
        }
    }
    return best;
}

/* The candidates are a heap: each comes before the two behind it, `at` before 2 * at + 1 and 2 * at + 2. */
static bool precedes(const tk_detection_candidate *a, const tk_detection_candidate *b)
{
    return a->score > b->score || (a->score == b->score && a->anchor < b->anchor);
}

static void sink(tk_detection_candidate *heap, int32_t count, int32_t at, tk_detection_candidate item)
{
    for (int32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && precedes(&heap[child + 1], &heap[child])) {
            ++child;
        }
        if (!precedes(&heap[child], &item)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = item;
}

/* Collects the candidates whose score in `column` (-1: in their best one) is high enough: above `floor`, too, if there
 * is one. Returns their number. */
static int32_t collect(const detection *d, int32_t column, const float *floor, tk_detection_candidate *heap)
{
    int32_t count = 0;

    for (int32_t anchor = 0; anchor < d->params->anchors; ++anchor) {
        const float score = score_at(d, column < 0 ? best_score(d, anchor) : anchor * d->params->columns + column);

        if (score >= d->params->score_threshold && (floor == NULL || score > *floor)) {
            heap[count].score = score;
            heap[count].anchor = anchor;
            ++count;
        }
    }
    for (int32_t at = count / 2 - 1; at >= 0; --at) {
        sink(heap, count, at, heap[at]);
    }
    return count;
}

static tk_detection_candidate take(tk_detection_candidate *heap, int32_t *count)
{
    const tk_detection_candidate best = heap[0];

    --*count;
    sink(heap, *count, 0, heap[*count]);
    return best;
}

/* The `count` best classes of an anchor, as if by std::partial_sort: the items of `ranking` [classes] that come first. */
static void rank(const detection *d, int32_t anchor, int32_t count, tk_heap_item *ranking)
{
    const int32_t classes = d->params->classes;

    for (int32_t i = 0; i < classes; ++i) {
        ranking[i].key = -score_at(d, (anchor + 1) * d->params->columns - classes + i);
        ranking[i].index = i;
    }
    for (int32_t at = count / 2 - 1; at >= 0; --at) {
        tk_heap_replace(ranking, count, at, ranking[at]);
    }
    for (int32_t i = count; i < classes; ++i) {
        if (ranking[i].key < ranking[0].key) {
            tk_heap_replace(ranking, count, 0, ranking[i]);
        }
    }
    for (int32_t left = count; left > 1;) {
        const tk_heap_item last = tk_heap_pop(ranking, &left);

        ranking[left] = last;
    }
}

/* All classes together; the number of boxes. */
static int32_t find_any(const detection *d, float *y_boxes, float *y_classes, float *y_scores,
                        tk_detection_candidate *heap, float *chosen, tk_heap_item *ranking)
{
    const tk_detection_params *const p = d->params;
    const int32_t filled = p->slots < p->classes ? p->slots : p->classes;
    int32_t left = collect(d, -1, NULL, heap);
    int32_t count = 0;

    while (left > 0 && count < p->detections) {
        const int32_t anchor = take(heap, &left).anchor;
        const int32_t first = (anchor + 1) * p->columns - p->classes;
        float *const box = chosen + 4 * count;

        decode(d, anchor, box);
        if (overlaps(box, chosen, count, p->overlap_threshold)) {
            continue;
        }
        if (filled > 1) {
            rank(d, anchor, filled, ranking);
        }
        for (int32_t slot = 0; slot < filled; ++slot) {
            const int32_t row = count * p->slots + slot;
            const int32_t index = filled > 1 ? first + ranking[slot].index : best_score(d, anchor);

            memcpy(y_boxes + 4 * row, box, 4 * sizeof(float));
            y_classes[row] = (float)(index - first);
            y_scores[row] = score_at(d, index);
        }
        ++count;
    }
    return count;
}

/* Each class for itself; the number of rows. The outputs are kept sorted all the time. */
static int32_t find_each(const detection *d, float *y_boxes, float *y_classes, float *y_scores,
                         tk_detection_candidate *heap, float *chosen)
{
    const tk_detection_params *const p = d->params;
    const int32_t background = p->columns - p->classes;
    const int32_t most = p->per_class < p->detections ? p->per_class : p->detections;
    int32_t rows = 0;

    for (int32_t category = 0; category < p->classes; ++category) {
        const float *const lowest = rows == p->detections ? &y_scores[rows - 1] : NULL;
        int32_t left = collect(d, category + background, lowest, heap);
        int32_t kept = 0;

        while (left > 0 && kept < most) {
            const tk_detection_candidate best = take(heap, &left);
            float *const box = chosen + 4 * kept;
            int32_t at;

            if (rows == p->detections && !(best.score > y_scores[rows - 1])) {
                break;
            }
            decode(d, best.anchor, box);
            if (overlaps(box, chosen, kept, p->overlap_threshold)) {
                continue;
            }
            ++kept;
            rows += rows < p->detections;
            for (at = rows - 1; at > 0 && best.score > y_scores[at - 1]; --at) {
                memcpy(y_boxes + 4 * at, y_boxes + 4 * (at - 1), 4 * sizeof(float));
                y_classes[at] = y_classes[at - 1];
                y_scores[at] = y_scores[at - 1];
            }
            memcpy(y_boxes + 4 * at, box, 4 * sizeof(float));
            y_classes[at] = (float)category;
            y_scores[at] = best.score;
        }
    }
    return rows;
}

void tk_detection_postprocess(const void *boxes, const void *scores, const void *anchors, float *y_boxes,
                              float *y_classes, float *y_scores, float *count, tk_detection_candidate *candidates,
                              float *chosen, void *ranking, const tk_detection_params *params)
{
    const detection d = {boxes, scores, anchors, params};
    const size_t rows = (size_t)params->detections * (size_t)params->slots;

    memset(y_boxes, 0, 4 * rows * sizeof(float));
    memset(y_classes, 0, rows * sizeof(float));
    memset(y_scores, 0, rows * sizeof(float));
    if (params->per_class > 0) {
        *count = (float)find_each(&d, y_boxes, y_classes, y_scores, candidates, chosen);
    } else {
        *count = (float)find_any(&d, y_boxes, y_classes, y_scores, candidates, chosen, ranking);
    }
}
