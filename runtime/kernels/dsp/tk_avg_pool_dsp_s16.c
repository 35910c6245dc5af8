/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_avg_pool_dsp_s16.h"

#include "tk_pool_dsp_s16.h"
#include "tk_window_means_s16.h"

/* A channel. */
static int16_t one(const int16_t *x, const tk_fours *window)
{
    const int32_t count = window->rows * window->columns;
    int32_t sum = 0;

    for (int32_t i = 0; i < window->rows; ++i) {
        for (int32_t j = 0; j < window->columns; ++j) {
            sum += x[i * window->row + j * window->pixel];
        }
    }
    return (int16_t)((sum > 0 ? sum + count / 2 : sum - count / 2) / count);
}

static void pixel(const int16_t *x, int16_t *y, const tk_fours *window, const tk_pool_layer *layer)
{
    const int32_t last = layer->channels - 4;
    const uint32_t count = (uint32_t)(window->rows * window->columns);
    const tk_means_s16 means = {(int32_t)(count / 2u * 2u), (UINT32_C(0x80000000) + count - 1u) / count};
    tk_fours one_more = *window;

    for (int32_t c = 0; last < 0 && c < layer->channels; ++c) {
        y[c] = one(x + c, window);
    }
    if (last >= 0) {
        tk_window_means_s16(x, y, window, &means);
    }
    if (last > 0 && layer->channels % 4 != 0) {
        one_more.fours = 1;
        tk_window_means_s16(x + last, y + last, &one_more, &means);
    }
    tk_pool_clamp_s16(y, layer);
}

void tk_avg_pool_dsp_s16(const int16_t *restrict x, int16_t *restrict y, const tk_pool_layer *layer)
{
    tk_pool_images_s16(pixel, x, y, layer);
}
