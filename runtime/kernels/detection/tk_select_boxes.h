/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SELECT_BOXES_H
#define TK_SELECT_BOXES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `most` boxes of each class, `rows` in all. centred: boxes are (x, y, width, height) around their centre, else two corners. */
typedef struct {
    int32_t images;
    int32_t classes;
    int32_t boxes;
    int32_t rows;
    int32_t most;
    float overlap;
    float threshold;
    int32_t centred;
} tk_select_params;

/* NonMaxSuppression of ONNX: y [rows, 3] = (image, class, box) of the boxes [images, boxes, 4] with the best scores
 * [images, classes, boxes] above the threshold, best first and of equal ones the first, without those that overlap a better
 * one by more than `overlap`. -1 fills the rows beyond.
 * Aliasing: none. Scratch: `seen`, a byte for each box. Exact. */
void tk_select_boxes(const float *boxes, const float *scores, int32_t *y, uint8_t *seen, const tk_select_params *params);

#ifdef __cplusplus
}
#endif

#endif
