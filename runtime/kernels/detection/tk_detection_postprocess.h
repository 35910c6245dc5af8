/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DETECTION_POSTPROCESS_H
#define TK_DETECTION_POSTPROCESS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a tensor's elements are stored: as float if scale is 0, else as int8 codes of (code - zero_point) * scale. */
typedef struct {
    float scale;
    int32_t zero_point;
} tk_detection_codes;

typedef struct {
    tk_detection_codes box_codes;
    tk_detection_codes score_codes;
    tk_detection_codes anchor_codes;
    int32_t vector_scores;   /* so many scores in front are (code + 128) * scale + vector_offset: LiteRT's vector loop */
    float vector_offset;
    int32_t anchors;         /* N >= 1 */
    int32_t encoding;        /* E >= 4: elements of a row of boxes, of which the first 4 count */
    int32_t columns;         /* C: classes, or one more if the first is the background's */
    int32_t classes;         /* >= 1 */
    int32_t detections;      /* D >= 1: boxes that are found at most */
    int32_t slots;           /* K >= 1: rows of the outputs for one box */
    int32_t per_class;       /* P >= 1: boxes of one class at most; 0 if classes are not told apart */
    float score_threshold;   /* lower scores do not count */
    float overlap_threshold; /* a box that overlaps a better one by more (intersection over union) is dropped */
    float y_scale;           /* what the encodings are divided by */
    float x_scale;
    float height_scale;
    float width_scale;
} tk_detection_params;

/* A box that may become a detection. */
typedef struct {
    float score;
    int32_t anchor;
} tk_detection_candidate;

/* TFLite_Detection_PostProcess. boxes [N, E] holds (y, x, height, width) relative to anchors [N, 4]; a box is
 *   centre = encoding / scale * anchor's size + anchor's centre, half = exp(encoding / scale) * anchor's size / 2,
 * in double. Of scores [N, C] the best candidate is taken again and again, the lowest anchor first where scores are equal,
 * and dropped if it overlaps one that was kept.
 *   P = 0: an anchor stands with its best class, the first of equal ones; a kept box gets K rows, for its min(K, classes)
 *          best classes (of equal ones those that LiteRT takes). *count is the number of boxes.
 *   P > 0: each class for itself; the D best of all stay, the lower class first where scores are equal, one row each.
 *          *count is the number of rows.
 * y_boxes [D*K, 4] gets (ymin, xmin, ymax, xmax), y_classes and y_scores [D*K] the rest; rows without a box are 0.
 * Aliasing: none. Scratch: candidates [N], chosen [D, 4], and if P = 0, K > 1 ranking of 12 bytes per class. Equals TFLM's and LiteRT's kernels where these accept the boxes
 * (every height and width above 0) and have one answer; a box without area overlaps nothing here. */
void tk_detection_postprocess(const void *boxes, const void *scores, const void *anchors, float *y_boxes,
                              float *y_classes, float *y_scores, float *count, tk_detection_candidate *candidates,
                              float *chosen, void *ranking, const tk_detection_params *params);

#ifdef __cplusplus
}
#endif

#endif
