/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_avg_pool_dsp_s8.h"

#include "tk_window_sums_s8.h"

/* Four channels of a mean. */
static void four(const uint32_t *sums, int32_t count, int32_t min, int32_t max, int8_t *y)
{
    const int32_t half = count / 2;
    const int32_t total[4] = {tk_low(sums[0]), tk_low(sums[1]), tk_high(sums[0]), tk_high(sums[1])};

    for (int32_t q = 0; q < 4; ++q) {
        const int32_t mean = (total[q] > 0 ? total[q] + half : total[q] - half) / count;

        y[q] = (int8_t)(mean < min ? min : mean > max ? max : mean);
    }
}

static void pixel(const int8_t *x, int8_t *y, const tk_fours *window, const tk_pool_layer *layer, uint32_t *scratch)
{
    const int32_t count = window->rows * window->columns;
    const int32_t last = layer->channels - 4;
    const tk_fours one = {window->rows, window->columns, window->pixel, window->row, 1};

    tk_window_sums_s8(x, scratch, window);
    for (int32_t f = 0; f < window->fours; ++f) {
        four(scratch + 2 * f, count, layer->min, layer->max, y + 4 * f);
    }
    if (layer->channels % 4 != 0) { /* the last four once more, or in part */
        tk_window_sums_s8(x + last, scratch, &one);
        four(scratch, count, layer->min, layer->max, y + last);
    }
}

void tk_avg_pool_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_pool_layer *layer, uint32_t *restrict scratch)
{
    for (int32_t b = 0; b < layer->batch; ++b) {
        tk_pool_image(pixel, x, y, layer, scratch);
        x += layer->in_h * layer->in_w * layer->channels;
        y += layer->out_h * layer->out_w * layer->channels;
    }
}
