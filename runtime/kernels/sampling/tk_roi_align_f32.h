/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ROI_ALIGN_F32_H
#define TK_ROI_ALIGN_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* x: [batch, height, width, channels]; y: [regions, rows, columns, channels]. A cell has `samples` in each direction, 0: as many
 * as it has pixels. Corners are multiplied by scale, then offset is subtracted. largest: the largest sample, else their mean. */
typedef struct {
    int32_t batch;
    int32_t height;
    int32_t width;
    int32_t channels;
    int32_t regions;
    int32_t rows;
    int32_t columns;
    int32_t samples;
    int32_t largest;
    float scale;
    float offset;
} tk_roi_shape;

/* RoiAlign: regions of images on a grid of cells, each read between the pixels. rois: [regions, 4], x and y of two corners;
 * images: [regions], the image of each; one that there is not is the nearest that there is.
 * Aliasing: none. Scratch: none. Exact but for the order of sums. */
void tk_roi_align_f32(const float *x, const float *rois, const int32_t *images, float *y, const tk_roi_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
