/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_wino_rows_dsp_s8.h"

#include "tk_wino_input_s8.h"
#include "tk_wino_output_s8.h"
#include "tk_wino_products_s16.h"
#include "tk_wino_weights_s8.h"

/* The six rows that a row of tiles sees, copied between zero points, which stay there from the first time on; zero points for rows
 * that are not there. */
static void copy_rows(const int8_t *const *rows, int32_t there, int first, const tk_wino_layer *p, int8_t *to)
{
    const int zero_point = (int)(uint8_t)p->zero_point;
    const int32_t end = p->lead + p->row_bytes;

    for (int32_t a = 0; a < 6; ++a, to += p->width) {
        if (a >= there || rows[a] == 0) {
            memset(to, zero_point, (size_t)p->width);
            continue;
        }
        if (first) {
            memset(to, zero_point, (size_t)p->lead);
            memset(to + end, zero_point, (size_t)(p->width - end));
        }
        memcpy(to + p->lead, rows[a], (size_t)p->row_bytes);
    }
}

/* What of a tile lies inside the result. */
static void store_tile(const int8_t *room, int8_t *y, int32_t rows, int32_t columns, const tk_wino_layer *p)
{
    for (int32_t i = 0; i < rows && i < 4; ++i) {
        memcpy(y + i * p->out_w * p->out_c, room + 4 * i * p->out_c, (size_t)((columns < 4 ? columns : 4) * p->out_c));
    }
}

void tk_wino_rows_dsp_s8(const int8_t *const *rows, int8_t *restrict y, int32_t lines, const tk_wino_layer *p,
                         uint32_t *restrict scratch)
{
    const int32_t across = (p->out_w + 3) / 4;
    const int32_t count = (lines + 3) / 4 * across;
    const int32_t most = (p->strip / 4 * across + 3) / 4 * 4;
    const int32_t four = 72 * p->in_c; /* words of the inputs of four tiles */
    const tk_wino image = {p->in_c / 4, p->width, p->in_c};
    uint32_t *const u = scratch + most / 4 * four;
    uint32_t *const m = u + 36 * p->in_c;
    int8_t *const copies = (int8_t *)(m + 288);
    int8_t *const room = copies + 6 * p->width;
    tk_wino_tiles tiles[TK_WINO_TILES / 4];

    for (int32_t t = 0; t < (count + 3) / 4 * 4; ++t) {
        const int32_t i = t / across * 4;
        const int32_t j = t % across * 4;
        const int whole = t < count && i + 4 <= lines && j + 4 <= p->out_w;

        if (t < count) {
            if (j == 0) {
                copy_rows(rows + i, lines + 2 - i, i == 0, p, copies);
            }
            tk_wino_input_s8(copies + p->lead + p->before + j * p->in_c, scratch + t / 4 * four + t % 4, &image);
        }
        tiles[t / 4].y[t % 4] = whole ? y + (i * p->out_w + j) * p->out_c : room + 16 * t * p->out_c;
        tiles[t / 4].row[t % 4] = (whole ? p->out_w : 4) * p->out_c;
        tiles[t / 4].pixel = p->out_c;
    }
    for (int32_t c = 0; c < p->out_c; c += 2) {
        const uint32_t *const w = p->weights + c * p->in_c / 4 * 9;

        tk_wino_weights_s8(w, u, image.fours);
        tk_wino_weights_s8(w + p->in_c / 4 * 9, u + 1, image.fours);
        for (int32_t t = 0; t < count; t += 4) {
            tk_wino_products_s16(scratch + t / 4 * four, u, m, image.fours);
            tk_wino_output_s8(m, p->constants + 4 * c, &tiles[t / 4], c);
        }
    }
    for (int32_t t = 0; t < count; ++t) {
        const int32_t i = t / across * 4;
        const int32_t j = t % across * 4;

        if (i + 4 > lines || j + 4 > p->out_w) {
            store_tile(room + 16 * t * p->out_c, y + (i * p->out_w + j) * p->out_c, lines - i, p->out_w - j, p);
        }
    }
}
