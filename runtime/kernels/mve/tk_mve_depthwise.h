/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise convolutions by way of cells, on Helium: what their functions share. */
#ifndef TK_MVE_DEPTHWISE_H
#define TK_MVE_DEPTHWISE_H

#include "tk_mve_cells_s8.h"
#include "tk_mve_conv.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A layer, or 16 channels of it at a time. `columns` (output columns) and `rows` (output rows) are computed at once, from cells in
 * the scratch; columns are even where the stride is 1. `cells` has pixel, strip, zero_point, out_row, out_pixel and the
 * requantization; the rest changes from one to the next. weights: of all channels, `stream` bytes each. padded: 0 or 1 column of
 * padding on the left. down: dilation 1, `rows` of a kernel; (rows - 1) * down.stride + down.rows <= TK_MVE_MAX_ROWS. */
typedef struct {
    tk_mve_cells cells;
    const int8_t *weights;
    int32_t stream;
    int32_t channels;
    int32_t in_w;
    int32_t out_w;
    int32_t padded;
    int32_t columns;
    int32_t rows;
    tk_mve_rows down;
} tk_mve_depthwise;

typedef void tk_mve_cells_function(const int8_t *cells, const int8_t *weights, int8_t *y, const tk_mve_cells *shape);

/* `out_rows` rows of the output from pointers to the input rows that they see. */
static inline void tk_mve_depthwise_block(const int8_t *const *rows, int8_t *y, int8_t *scratch, int32_t out_rows,
                                          const tk_mve_depthwise *layer, tk_mve_cells_function *compute)
{
    tk_mve_cells cells = layer->cells;

    cells.out_rows = out_rows;
    cells.in_rows = (out_rows - 1) * layer->down.stride + layer->down.rows;
    for (int32_t q = 0; q < layer->out_w; q += layer->columns) {
        const int32_t first = q * layer->down.stride - layer->padded;
        const int32_t left = layer->out_w - q;

        cells.padded = first < 0;
        cells.inside = layer->in_w - (first < 0 ? 0 : first);
        cells.out_columns = left < layer->columns ? left : layer->columns;
        cells.strips = layer->down.stride == 1 ? (cells.out_columns + 1) / 2 : cells.out_columns;
        for (int32_t c = 0; c < layer->channels; c += 16) {
            cells.x = (first < 0 ? 0 : first) * cells.pixel + c;
            cells.channels = layer->channels - c < 16 ? layer->channels - c : 16;
            tk_mve_cells_s8(rows, scratch, &cells);
            compute(scratch, layer->weights + c * layer->stream, y + q * cells.out_pixel + c, &cells);
        }
    }
}

/* All rows of all images. */
static inline void tk_mve_depthwise_all(const int8_t *x, int8_t *y, int8_t *scratch, const tk_mve_depthwise *layer,
                                        tk_mve_cells_function *compute)
{
    const tk_mve_rows *down = &layer->down;
    const int8_t *rows[TK_MVE_MAX_ROWS];

    for (int32_t b = 0; b < down->batch; ++b) {
        for (int32_t i = 0; i < down->out_h; i += layer->rows) {
            const int32_t left = down->out_h - i;
            const int32_t count = left < layer->rows ? left : layer->rows;

            tk_mve_find_rows(x + b * down->in_h * down->in_row, i, (count - 1) * down->stride + down->rows, down, rows);
            tk_mve_depthwise_block(rows, y + (b * down->out_h + i) * down->out_row, scratch, count, layer, compute);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
