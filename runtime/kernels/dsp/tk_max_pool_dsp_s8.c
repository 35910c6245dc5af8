/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_max_pool_dsp_s8.h"

#include "tk_window_max_s8.h"

static void pixel(const int8_t *x, int8_t *y, const tk_fours *window, const tk_pool_layer *layer, uint32_t *scratch)
{
    const int32_t last = layer->channels - 4;
    const tk_fours one = {window->rows, window->columns, window->pixel, window->row, 1};

    (void)scratch;
    tk_window_max_s8(x, y, window);
    if (layer->channels % 4 != 0) { /* the last four once more, or in part */
        tk_window_max_s8(x + last, y + last, &one);
    }
    if (layer->min > -128 || layer->max < 127) {
        for (int32_t c = 0; c < layer->channels; ++c) {
            y[c] = (int8_t)(y[c] < layer->min ? layer->min : y[c] > layer->max ? layer->max : y[c]);
        }
    }
}

void tk_max_pool_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_pool_layer *layer)
{
    for (int32_t b = 0; b < layer->batch; ++b) {
        tk_pool_image(pixel, x, y, layer, 0);
        x += layer->in_h * layer->in_w * layer->channels;
        y += layer->out_h * layer->out_w * layer->channels;
    }
}
