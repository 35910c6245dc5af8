/* SPDX-License-Identifier: Apache-2.0 */
/* Pools of int16: what tk_avg_pool_dsp_s16 and tk_max_pool_dsp_s16 share. Internal. */
#ifndef TK_POOL_DSP_S16_H
#define TK_POOL_DSP_S16_H

#include "tk_pool_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif


/* All channels of a pixel, where the bounds are not those of the type. */
static inline void tk_pool_clamp_s16(int16_t *y, const tk_pool_layer *layer)
{
    if (layer->min == INT16_MIN && layer->max == INT16_MAX) {
        return;
    }
    for (int32_t c = 0; c < layer->channels; ++c) {
        y[c] = (int16_t)(y[c] < layer->min ? layer->min : y[c] > layer->max ? layer->max : y[c]);
    }
}

/* The results of a window, one of each channel. */
typedef void (*tk_pool_pixel_s16)(const int16_t *x, int16_t *y, const tk_fours *window, const tk_pool_layer *layer);

/* All images. */
static inline void tk_pool_images_s16(tk_pool_pixel_s16 pixel, const int16_t *x, int16_t *y, const tk_pool_layer *p)
{
    const int32_t row = p->in_w * p->channels;

    for (int32_t n = 0; n < p->batch * p->out_h; ++n) {
        const int32_t image = n / p->out_h;
        const int32_t top = (n - image * p->out_h) * p->stride_h - p->pad_h;
        const int32_t first = top < 0 ? 0 : top;
        const int32_t last = top + p->rows < p->in_h ? top + p->rows : p->in_h;
        const int16_t *const rows = x + (image * p->in_h + first) * row;

        for (int32_t j = 0; j < p->out_w; ++j, y += p->channels) {
            const int32_t left = j * p->stride_w - p->pad_w;
            const int32_t from = left < 0 ? 0 : left;
            const int32_t to = left + p->columns < p->in_w ? left + p->columns : p->in_w;
            tk_fours window = {last - first, to - from, p->channels, row, p->channels / 4};

            if (window.columns == p->in_w) { /* rows without a break are one */
                window.columns *= window.rows;
                window.rows = 1;
            }
            pixel(rows + from * p->channels, y, &window, p);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
