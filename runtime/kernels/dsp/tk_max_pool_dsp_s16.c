/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_max_pool_dsp_s16.h"

#include "tk_pool_dsp_s16.h"
#include "tk_window_max_s16.h"

/* A channel. */
static int16_t one(const int16_t *x, const tk_fours *window)
{
    int16_t most = INT16_MIN;

    for (int32_t i = 0; i < window->rows; ++i) {
        for (int32_t j = 0; j < window->columns; ++j) {
            const int16_t code = x[i * window->row + j * window->pixel];

            most = code > most ? code : most;
        }
    }
    return most;
}

static void pixel(const int16_t *x, int16_t *y, const tk_fours *window, const tk_pool_layer *layer)
{
    const int32_t last = layer->channels - 4;
    tk_fours one_more = *window;

    for (int32_t c = 0; last < 0 && c < layer->channels; ++c) {
        y[c] = one(x + c, window);
    }
    if (last >= 0) {
        tk_window_max_s16(x, y, window);
    }
    if (last > 0 && layer->channels % 4 != 0) {
        one_more.fours = 1;
        tk_window_max_s16(x + last, y + last, &one_more);
    }
    tk_pool_clamp_s16(y, layer);
}

void tk_max_pool_dsp_s16(const int16_t *restrict x, int16_t *restrict y, const tk_pool_layer *layer)
{
    tk_pool_images_s16(pixel, x, y, layer);
}
