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

#include <string.h>

#include "tk_conv4.h"
#include "tk_tall_weave_s8.h"

#define TK_CONV_TALL_ROWS 32

#ifdef __cplusplus
extern "C" {
#endif

/* A layer.
 * weights: as for tk_gemm_s8, in the order in which inputs are woven: of every two bytes of a row of the window after the other, all
 * rows. depth: inputs of a window as they are woven. channels: of the result, an even number. zero_point: of the input.
 * rows, row_step: of a window; from one of its rows to the next. pairs: pairs of bytes of a row of it, the last one rounded up.
 * first: bytes from the first pixel of a row to the first window, negative in padding. pitch: to the next window.
 * columns: of results at a time, an even number if pitch is an odd one and they are not all. words: of four bytes, as many as
 * their windows reach over in a row.
 * row_bytes: of an input row. outside: row_bytes if windows reach above or below the image, else 0. in_rows, out_rows, out_w: of the
 * images, out_rows at least 4. seen: input rows that a window reaches over, 3 * stride + seen <= TK_CONV_TALL_ROWS. */
typedef struct {
    const uint32_t *weights;
    int32_t depth;
    int32_t channels;
    int32_t zero_point;
    int32_t rows;
    int32_t row_step;
    int32_t pairs;
    int32_t first;
    int32_t pitch;
    int32_t columns;
    int32_t words;
    int32_t row_bytes;
    int32_t outside;
    int32_t batch;
    int32_t in_rows;
    int32_t out_rows;
    int32_t out_w;
    int32_t stride;
    int32_t pad;
    int32_t seen;
} tk_conv_tall;

/* Weaves and multiplies. A function that includes this names its own, for a compiler to call them by name. */
typedef struct {
    void (*weave)(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_tall_weave *weave);
    void (*conv4)(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);
} tk_tall_kernels;

/* A byte of a row, or beyond its ends the zero point. */
static inline int32_t tk_tall_byte(const tk_conv_tall *p, const int8_t *row, int32_t at)
{
    return at < 0 || at >= p->row_bytes ? p->zero_point : row[at];
}

/* What tk_tall_weave_s8 does for bytes `from` to `to`, even numbers, of rows that may end before. */
static inline void tk_tall_edge(const tk_conv_tall *p, const int8_t *const *rows, int32_t first, int32_t from, int32_t to,
                                uint32_t *out)
{
    for (int32_t k = from; k < to; k += 2) {
        const int32_t at = first + k;

        for (int32_t a = 0; a < p->rows; ++a) {
            const int8_t *const *const four = rows + a * p->row_step;

            for (int32_t i = 0; i < 3; ++i) {
                const int8_t *const x = four[i * p->stride];
                const int8_t *const y = four[(i + 1) * p->stride];

                out[(k / 2 * p->rows + a) * 3 + i]
                    = tk_pair(INT32_C(256) * tk_tall_byte(p, x, at) + tk_tall_byte(p, y, at) + 128,
                              INT32_C(256) * tk_tall_byte(p, x, at + 1) + tk_tall_byte(p, y, at + 1) + 128);
            }
        }
    }
}

/* What windows see in `bytes` bytes, a multiple of 4, of their rows, which begin `first` bytes from where `rows` point. */
static inline void tk_conv_tall_weave(const tk_tall_kernels *f, const int8_t *const *rows, int32_t first, int32_t bytes,
                                      const tk_conv_tall *p, uint32_t *out)
{
    const int32_t pair = 3 * p->rows;
    const int32_t low = first < 0 ? (1 - first) / 2 * 2 : 0;
    const int32_t inside = (p->row_bytes - first < bytes ? p->row_bytes - first : bytes) - low;
    const tk_tall_weave weave = {p->stride, inside / 4, 4 * pair};
    const int32_t high = inside < 4 ? low : low + inside / 4 * 4;

    tk_tall_edge(p, rows, first, 0, low, out);
    for (int32_t a = 0; a < p->rows && high > low; ++a) {
        f->weave(rows + a * p->row_step, first + low, out + low / 2 * pair + 3 * a, &weave);
    }
    tk_tall_edge(p, rows, first, high, bytes, out);
}

/* `count` columns of four output rows, every other one if `phases` is 2, from pointers to the rows that they see. */
static inline void tk_conv_tall_columns(const tk_tall_kernels *f, const int8_t *const *rows, int8_t *y, int32_t x, int32_t count,
                                        int32_t phases, const tk_conv_tall *p, uint32_t *woven)
{
    static const tk_weave none = {0, 0, 0, 0, 0, 0, 0};
    const tk_gemm_s8 gemm = {p->weights, p->depth, p->channels, p->out_w * p->channels, 0};
    const int32_t apart = phases * p->pitch;
    const tk_conv4 run = {&none, &gemm, woven, count, apart / 2 * 12 * p->rows, phases * p->channels};
    const int32_t bytes = ((count - 1) * apart + 2 * p->pairs + 3) / 4 * 4;

    tk_conv_tall_weave(f, rows, p->first + x * p->pitch, bytes, p, woven);
    f->conv4(rows, 0, y + x * p->channels, &run);
}

/* Four output rows. */
static inline void tk_conv_tall_rows(const tk_tall_kernels *f, const int8_t *const *rows, int8_t *y, const tk_conv_tall *p,
                                     uint32_t *woven)
{
    const int32_t phases = 1 + p->pitch % 2;

    for (int32_t start = 0; start < p->out_w; start += p->columns) {
        const int32_t end = p->out_w - start < p->columns ? p->out_w : start + p->columns;

        for (int32_t x = start; x < end && x < start + phases; ++x) {
            tk_conv_tall_columns(f, rows, y, x, (end - x - 1) / phases + 1, phases, p, woven);
        }
    }
}

static inline void tk_conv_tall_image(const tk_tall_kernels *f, const int8_t *x, int8_t *y, const tk_conv_tall *p,
                                      uint32_t *scratch)
{
    int8_t *const outside = (int8_t *)(scratch + 6 * p->rows * p->words);
    const int8_t *rows[TK_CONV_TALL_ROWS];

    memset(outside, (int)(uint8_t)p->zero_point, (size_t)p->outside);
    for (int32_t b = 0; b < p->batch; ++b) {
        for (int32_t i = 0; i < p->out_rows; i += 4) {
            const int32_t line = i + 4 > p->out_rows ? p->out_rows - 4 : i;
            const int32_t top = line * p->stride - p->pad;

            for (int32_t a = 0; a < 3 * p->stride + p->seen; ++a) {
                rows[a] = top + a >= 0 && top + a < p->in_rows ? x + (top + a) * p->row_bytes : outside;
            }
            tk_conv_tall_rows(f, rows, y + line * p->out_w * p->channels, p, scratch);
        }
        x += p->in_rows * p->row_bytes;
        y += p->out_rows * p->out_w * p->channels;
    }
}

#ifdef __cplusplus
}
#endif

#endif
