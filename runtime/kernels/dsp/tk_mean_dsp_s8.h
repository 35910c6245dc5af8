/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MEAN_DSP_S8_H
#define TK_MEAN_DSP_S8_H

#include "tk_dsp.h"
#include "tk_mean_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* x: int8[images, pixels, channels]. channels: a multiple of 4. */
typedef struct {
    int32_t images;
    int32_t pixels;
    int32_t channels;
} tk_mean_image;

/* What tk_mean_s8 computes, over the pixels of images: y is int8[images, channels]. params: as there.
 * scratch, aligned to 4: 6 bytes for each channel. Aliasing: none. Exact: equals tk_mean_s8. */
void tk_mean_dsp_s8(const int8_t *x, int8_t *y, uint32_t *scratch, const tk_mean_image *image, const tk_mean_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
