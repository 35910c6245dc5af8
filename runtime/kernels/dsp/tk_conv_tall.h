/* SPDX-License-Identifier: Apache-2.0 */
/* The convolutions tk_conv_tall_dsp_s8 and tk_conv_tall_dsp_any_s8, which differ in the requantization. Internal.
 *
 * Four output rows are computed at a time, and the four pixels that go through a product together (tk_gemm_s8.h) stand one above
 * the other. What windows of neighbouring columns have in common is so woven once for all of them (tk_tall_weave_s8.h): pair of
 * columns by pair of columns, in each the rows of the window, in each three words. A window is a run of that, and the next one
 * begins a few words later. That is done for as many columns of results at a time as there is room for. Where a pixel's window
 * begins an odd number of bytes after the one before, every other pixel is computed, and then, woven again one pixel later, those
 * between them. The last four rows begin earlier if rows are no multiple of four, and some are computed twice. */
#ifndef TK_CONV_TALL_H
#define TK_CONV_TALL_H

#include "tk_conv_dsp.h"
#include "tk_tall_weave_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Weaves and multiplies. A function that includes this names its own, for a compiler to call them by name. */
typedef struct {
    void (*weave)(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_tall_weave *weave);
    void (*conv4)(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);
} tk_tall_kernels;

/* A byte of a row, or beyond its ends the zero point. */
static inline int32_t tk_tall_byte(const tk_conv_layer *p, const int8_t *row, int32_t at)
{
    return at < 0 || at >= p->row_bytes ? p->zero_point : row[at];
}

/* What tk_tall_weave_s8 does for bytes `from` to `to`, even numbers, of rows that may end before. */
static inline void tk_tall_edge(const tk_conv_layer *p, const int8_t *const *rows, int32_t first, int32_t from, int32_t to,
                                uint32_t *out)
{
    for (int32_t k = from; k < to; k += 2) {
        const int32_t at = first + k;

        for (int32_t a = 0; a < p->weave.rows; ++a) {
            const int8_t *const *const four = rows + a * p->weave.row_step;

            for (int32_t i = 0; i < 3; ++i) {
                const int8_t *const x = four[i * p->stride];
                const int8_t *const y = four[(i + 1) * p->stride];

                out[(k / 2 * p->weave.rows + a) * 3 + i]
                    = tk_pair(INT32_C(256) * tk_tall_byte(p, x, at) + tk_tall_byte(p, y, at) + 128,
                              INT32_C(256) * tk_tall_byte(p, x, at + 1) + tk_tall_byte(p, y, at + 1) + 128);
            }
        }
    }
}

/* What windows see in `bytes` bytes, a multiple of 4, of their rows, which begin `first` bytes from where `rows` point. */
static inline void tk_conv_tall_weave(const tk_tall_kernels *f, const int8_t *const *rows, int32_t first, int32_t bytes,
                                      const tk_conv_layer *p, uint32_t *out)
{
    const int32_t pair = 3 * p->weave.rows;
    const int32_t low = first < 0 ? (1 - first) / 2 * 2 : 0;
    const int32_t inside = (p->row_bytes - first < bytes ? p->row_bytes - first : bytes) - low;
    const tk_tall_weave weave = {p->stride, inside / 4, 4 * pair};
    const int32_t high = inside < 4 ? low : low + inside / 4 * 4;

    tk_tall_edge(p, rows, first, 0, low, out);
    for (int32_t a = 0; a < p->weave.rows && high > low; ++a) {
        f->weave(rows + a * p->weave.row_step, first + low, out + low / 2 * pair + 3 * a, &weave);
    }
    tk_tall_edge(p, rows, first, high, bytes, out);
}

/* `count` columns of four output rows, every other one if `phases` is 2, from pointers to the rows that they see. */
static inline void tk_conv_tall_columns(const tk_tall_kernels *f, const int8_t *const *rows, int8_t *y, int32_t x, int32_t count,
                                        int32_t phases, const tk_conv_layer *p, uint32_t *woven)
{
    static const tk_weave none = {0, 0, 0, 0, 0, 0, 0};
    const tk_gemm_s8 gemm = {p->weights, p->depth, p->channels, p->out_line, 0};
    const int32_t apart = phases * p->weave.pitch;
    const tk_conv4 run = {&none, &gemm, woven, count, apart / 2 * 12 * p->weave.rows, phases * p->out_pixel};
    const int32_t bytes = ((count - 1) * apart + 2 * p->weave.segments + 3) / 4 * 4;

    tk_conv_tall_weave(f, rows, p->before + x * p->weave.pitch, bytes, p, woven);
    f->conv4(rows, 0, y + x * p->out_pixel, &run);
}

/* Four output rows. */
static inline void tk_conv_tall_rows(const tk_tall_kernels *f, const int8_t *const *rows, int8_t *y, const tk_conv_layer *p,
                                     uint32_t *woven)
{
    const int32_t phases = 1 + p->weave.pitch % 2;

    for (int32_t start = 0; start < p->out_w; start += p->strip) {
        const int32_t end = p->out_w - start < p->strip ? p->out_w : start + p->strip;

        for (int32_t x = start; x < end && x < start + phases; ++x) {
            tk_conv_tall_columns(f, rows, y, x, (end - x - 1) / phases + 1, phases, p, woven);
        }
    }
}

static inline void tk_conv_tall_image(const tk_tall_kernels *f, const int8_t *x, int8_t *y, const tk_conv_layer *p,
                                      uint32_t *scratch)
{
    int8_t *const outside = (int8_t *)(scratch + 6 * p->weave.rows * p->weave.words);
    const int8_t *rows[TK_CONV_ROWS];

    memset(outside, (int)(uint8_t)p->zero_point, (size_t)p->width);
    for (int32_t b = 0; b < p->batch; ++b) {
        for (int32_t i = 0; i < p->out_rows; i += 4) {
            const int32_t line = i + 4 > p->out_rows ? p->out_rows - 4 : i;
            const int32_t top = line * p->stride - p->pad;

            for (int32_t a = 0; a < 3 * p->stride + p->seen; ++a) {
                rows[a] = top + a >= 0 && top + a < p->in_rows ? x + (top + a) * p->row_bytes : outside;
            }
            tk_conv_tall_rows(f, rows, y + p->first + line * p->out_line, p, scratch);
        }
        x += p->in_rows * p->row_bytes;
        y += p->out_image;
    }
}

#ifdef __cplusplus
}
#endif

#endif
