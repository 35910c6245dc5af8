/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_pixels_dsp_s8.h"

#include <string.h>

#include "tk_depthwise_pixel_s8.h"

/* Pointers to the taps of a pixel whose window begins at (top, left), an even number of them. */
static void point(const int8_t *x, int32_t top, int32_t left, const tk_depthwise_pixels *p, const int8_t *padding,
                  const int8_t **taps)
{
    const int32_t channels = p->pixel.channels;
    int32_t t = 0;

    for (int32_t i = 0; i < p->kernel_h; ++i) {
        const int32_t h = top + i * p->dilation_h;
        const int inside = h >= 0 && h < p->in_h;

        for (int32_t j = 0; j < p->kernel_w; ++j) {
            const int32_t w = left + j * p->dilation_w;

            taps[t++] = inside && w >= 0 && w < p->in_w ? x + (h * p->in_w + w) * channels : padding;
        }
    }
    taps[t] = padding;
}

void tk_depthwise_pixels_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_depthwise_pixels *layer,
                                int8_t *restrict padding)
{
    const tk_depthwise_pixels *p = layer;
    const int32_t channels = p->pixel.channels;
    const int8_t *taps[TK_DEPTHWISE_PIXEL_TAPS + 1];

    memset(padding, (int)(uint8_t)p->zero_point, (size_t)channels);
    for (int32_t b = 0; b < p->batch; ++b, x += p->in_h * p->in_w * channels) {
        for (int32_t h = 0; h < p->out_h; ++h) {
            for (int32_t w = 0; w < p->out_w; ++w, y += channels) {
                point(x, h * p->stride_h - p->pad_h, w * p->stride_w - p->pad_w, p, padding, taps);
                tk_depthwise_pixel_s8(taps, y, &p->pixel);
            }
        }
    }
}
