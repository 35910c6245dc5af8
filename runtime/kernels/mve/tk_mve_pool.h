/* SPDX-License-Identifier: Apache-2.0 */
/* Pools on Helium: what their functions share. */
#ifndef TK_MVE_POOL_H
#define TK_MVE_POOL_H

#include <stddef.h>

#include "tk_mve_conv.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The inputs of one output pixel: `columns` pixels of `channels` bytes, `pixel` bytes apart, from byte x of `rows` rows on. min,
 * max: the clamp. */
typedef struct {
    int32_t x;
    int32_t rows;
    int32_t columns;
    int32_t channels;
    int32_t pixel;
    int32_t min;
    int32_t max;
} tk_mve_pool_window;

/* A layer. `window` has channels, pixel and clamp; the rest changes from pixel to pixel. Columns: output pixel q sees those from
 * q * stride - pad on, `columns` many, that are inside. down: dilation 1; its padding is not used. */
typedef struct {
    tk_mve_pool_window window;
    int32_t in_w;
    int32_t out_w;
    int32_t columns;
    int32_t stride;
    int32_t pad;
    tk_mve_rows down;
} tk_mve_pool;

/* How the sum of a window becomes its average: tk_mve_average_line_s8. even: 1 where halves go
 * to the even code, or 0; zero_point: that of the inputs then. */
typedef struct {
    int32_t multiplier;
    int32_t addend;
    int32_t shift;
    int32_t even;
    int32_t zero_point;
} tk_mve_line;

typedef void tk_mve_pool_function(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window,
                                  const tk_mve_line *line);

/* A row of the output from `count` input rows: those inside of what it sees. line: of averages that have one, or NULL. */
static inline void tk_mve_pool_pixels(const int8_t *const *rows, int32_t count, int8_t *y, const tk_mve_pool *layer,
                                      tk_mve_pool_function *compute, const tk_mve_line *line)
{
    tk_mve_pool_window window = layer->window;

    window.rows = count;
    for (int32_t q = 0; q < layer->out_w; ++q) {
        const int32_t start = q * layer->stride - layer->pad;
        const int32_t first = start < 0 ? 0 : start;
        const int32_t end = start + layer->columns < layer->in_w ? start + layer->columns : layer->in_w;

        window.x = first * window.pixel;
        window.columns = end > first ? end - first : 0;
        compute(rows, y + q * window.channels, &window, line);
    }
}

/* All rows of all images. */
static inline void tk_mve_pool_all(const int8_t *x, int8_t *y, const tk_mve_pool *layer, tk_mve_pool_function *compute,
                                   const tk_mve_line *line)
{
    const tk_mve_rows *down = &layer->down;
    const int8_t *rows[TK_MVE_MAX_ROWS];

    for (int32_t b = 0; b < down->batch; ++b) {
        for (int32_t i = 0; i < down->out_h; ++i) {
            const int32_t start = i * down->stride - down->pad;
            const int32_t first = start < 0 ? 0 : start;
            const int32_t end = start + down->rows < down->in_h ? start + down->rows : down->in_h;

            for (int32_t r = first; r < end; ++r) {
                rows[r - first] = x + (b * down->in_h + r) * down->in_row;
            }
            tk_mve_pool_pixels(rows, end > first ? end - first : 0, y + (b * down->out_h + i) * down->out_row, layer, compute,
                               line);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
