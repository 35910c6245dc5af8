/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_depthwise_row_s16.h"

/* Pointers to the taps of a pixel whose window begins at column `left`. */
static void point(const int8_t *const *rows, int32_t left, const tk_mve_depthwise_taps *layer, const int16_t **taps)
{
    for (int32_t r = 0; r < layer->down.rows; ++r) {
        for (int32_t j = 0; j < layer->columns; ++j) {
            const int32_t column = left + j * layer->dilation;
            const int32_t inside = column >= 0 && column < layer->in_w;
            const int8_t *tap = inside ? rows[r] + 2 * column * layer->pixels.channels : layer->down.padding;

            *taps++ = (const int16_t *)(const void *)tap;
        }
    }
}

void tk_mve_depthwise_row_s16(const int8_t *const *rows, int16_t *y, const tk_mve_depthwise_taps *layer)
{
    const int32_t reach = (layer->columns - 1) * layer->dilation;
    const int16_t *taps[TK_MVE_MAX_TAPS_S16];
    int32_t pixels = 1;

    for (int32_t q = 0; q < layer->out_w; q += pixels) {
        const int32_t left = q * layer->stride - layer->pad;
        const int32_t right = layer->in_w - 1 - left - reach;

        pixels = left >= 0 && right >= 0 ? right / layer->stride + 1 : 1;
        pixels = pixels < layer->out_w - q ? pixels : layer->out_w - q;
        point(rows, left, layer, taps);
        tk_mve_taps_s16(taps, y + q * layer->pixels.channels, pixels, &layer->pixels);
    }
}
