/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_avg_pool_line_dsp_s8.h"

#include "tk_window_sums_s8.h"

/* A layer, whose first member is what tk_pool_image knows of it. */
typedef struct {
    tk_pool_layer pool;
    tk_line line;
} line_layer;

/* Four channels. */
static void four(const uint32_t *sums, const line_layer *layer, int8_t *y)
{
    const int32_t total[4] = {tk_low(sums[0]), tk_low(sums[1]), tk_high(sums[0]), tk_high(sums[1])};
    const int32_t min = layer->pool.min;
    const int32_t max = layer->pool.max;
    const tk_line l = layer->line;

    for (int32_t q = 0; q < 4; ++q) {
        const int32_t product = (total[q] - l.offset) * l.multiplier;
        const int32_t code = ((product + l.addend + ((product >> l.shift) & l.even)) >> l.shift) + l.zero_point;

        y[q] = (int8_t)(code < min ? min : code > max ? max : code);
    }
}

static void pixel(const int8_t *x, int8_t *y, const tk_fours *window, const tk_pool_layer *layer, uint32_t *scratch)
{
    const line_layer *line = (const line_layer *)(const void *)layer;
    const int32_t last = layer->channels - 4;
    const tk_fours one = {window->rows, window->columns, window->pixel, window->row, 1};

    tk_window_sums_s8(x, scratch, window);
    for (int32_t f = 0; f < window->fours; ++f) {
        four(scratch + 2 * f, line, y + 4 * f);
    }
    if (layer->channels % 4 != 0) { /* the last four once more, or in part */
        tk_window_sums_s8(x + last, scratch, &one);
        four(scratch, line, y + last);
    }
}

void tk_avg_pool_line_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_pool_layer *layer, const tk_line *line,
                             uint32_t *restrict scratch)
{
    const line_layer both = {*layer, *line};

    for (int32_t b = 0; b < layer->batch; ++b) {
        tk_pool_image(pixel, x, y, &both.pool, scratch);
        x += layer->in_h * layer->in_w * layer->channels;
        y += layer->out_h * layer->out_w * layer->channels;
    }
}
