/* SPDX-License-Identifier: Apache-2.0 */
/* Pools: what tk_avg_pool_dsp_s8, tk_avg_pool_line_dsp_s8 and tk_max_pool_dsp_s8 share. Internal. */
#ifndef TK_POOL_DSP_H
#define TK_POOL_DSP_H

#include "tk_fours.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A layer. rows, columns: of a window; stride, pad, in, out along each. channels >= 4. min, max: the clamp. */
typedef struct {
    int32_t batch;
    int32_t channels;
    int32_t rows;
    int32_t columns;
    int32_t stride_h;
    int32_t stride_w;
    int32_t pad_h;
    int32_t pad_w;
    int32_t in_h;
    int32_t in_w;
    int32_t out_h;
    int32_t out_w;
    int32_t min;
    int32_t max;
} tk_pool_layer;

/* The results of a window: one of all channels. */
typedef void (*tk_pool_pixel)(const int8_t *x, int8_t *y, const tk_fours *window, const tk_pool_layer *layer, uint32_t *scratch);

/* An image. */
static inline void tk_pool_image(tk_pool_pixel pixel, const int8_t *x, int8_t *y, const tk_pool_layer *p, uint32_t *scratch)
{
    const int32_t row = p->in_w * p->channels;

    for (int32_t i = 0; i < p->out_h; ++i) {
        const int32_t top = i * p->stride_h - p->pad_h;
        const int32_t first = top < 0 ? 0 : top;
        const int32_t last = top + p->rows < p->in_h ? top + p->rows : p->in_h;

        for (int32_t j = 0; j < p->out_w; ++j, y += p->channels) {
            const int32_t left = j * p->stride_w - p->pad_w;
            const int32_t from = left < 0 ? 0 : left;
            const int32_t to = left + p->columns < p->in_w ? left + p->columns : p->in_w;
            tk_fours window = {last - first, to - from, p->channels, row, p->channels / 4};

            if (window.columns == p->in_w) { /* rows without a break are one */
                window.columns *= window.rows;
                window.rows = 1;
            }
            pixel(x + first * row + from * p->channels, y, &window, p, scratch);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
