/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_dsp_s16.h"

#include <string.h>

/* Pointers to the taps of a pixel whose window begins at (top, left). */
static void point(const int16_t *x, int32_t top, int32_t left, const tk_conv_shape *s, const int16_t *zeros, const int16_t **taps)
{
    const int32_t right = left + (s->k_w - 1) * s->dilation_w;
    const int32_t step = s->dilation_w * s->in_c;
    const int whole = left >= 0 && right < s->in_w;

    for (int32_t i = 0; i < s->k_h; ++i, taps += s->k_w) {
        const int32_t h = top + i * s->dilation_h;
        const int inside = h >= 0 && h < s->in_h;

        if (whole && inside) {
            const int16_t *const row = x + (h * s->in_w + left) * s->in_c;

            for (int32_t j = 0, at = 0; j < s->k_w; ++j, at += step) {
                taps[j] = row + at;
            }
            continue;
        }
        for (int32_t j = 0; j < s->k_w; ++j) {
            const int32_t w = left + j * s->dilation_w;

            taps[j] = inside && w >= 0 && w < s->in_w ? x + (h * s->in_w + w) * s->in_c : zeros;
        }
    }
}

void tk_depthwise_dsp_s16(const int16_t *restrict x, int16_t *restrict y, const tk_depthwise_s16 *layer, int16_t *restrict zeros)
{
    const tk_conv_shape *const s = &layer->shape;
    const int16_t *taps[TK_DEPTHWISE_TAPS_S16];

    memset(zeros, 0, (size_t)s->in_c * sizeof *zeros);
    for (int32_t b = 0; b < s->batch; ++b, x += s->in_h * s->in_w * s->in_c) {
        for (int32_t h = 0; h < s->out_h; ++h) {
            for (int32_t w = 0; w < s->out_w; ++w, y += s->out_c) {
                point(x, h * s->stride_h - s->pad_h, w * s->stride_w - s->pad_w, s, zeros, taps);
                tk_depthwise_pixel_s16(taps, y, &layer->pixel);
            }
        }
    }
}
