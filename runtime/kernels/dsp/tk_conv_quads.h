/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_conv_quads_dsp_s8 and tk_conv_quads_dsp_any_s8 share. Internal. */
#ifndef TK_CONV_QUADS_H
#define TK_CONV_QUADS_H

#include <string.h>

#include "tk_quads.h"
#include "tk_widen2_s8.h"
#include "tk_widen_s8.h"

#define TK_QUADS_ROWS 32
#define TK_QUADS_STACK 32
#define TK_QUADS_EDGE 16

#ifdef __cplusplus
extern "C" {
#endif

/* A window is `segments` segments, in every row_step-th row; each is `pieces` pieces of `bytes` bytes, a multiple of 4. `together`:
 * pieces whose inputs are widened at a time. Two neighbouring windows are `apart` bytes from each other. first: bytes from the first
 * pixel of a row to the first window, negative in padding. low, high: the pixels of a row, low .. high - 1, whose windows lie in it.
 * channels: of the result. zero_point: of the input. */
typedef struct {
    const uint32_t *weights;
    int32_t channels;
    int32_t segments;
    int32_t row_step;
    int32_t pieces;
    int32_t bytes;
    int32_t together;
    int32_t apart;
    int32_t batch;
    int32_t in_rows;
    int32_t row_bytes;
    int32_t out_rows;
    int32_t out_w;
    int32_t stride;
    int32_t pad;
    int32_t first;
    int32_t low;
    int32_t high;
    int32_t zero_point;
} tk_conv_quads;

/* constants: words of four channels' requantization. */
typedef struct {
    void (*one)(const uint32_t *x, int8_t *y, const tk_quads *quads);
    void (*two)(const uint32_t *x, int8_t *y, const tk_quads *quads);
    int32_t constants;
} tk_quads_kernels;

/* Byte `at` of a row, or of the padding beside it. */
static inline int32_t tk_quads_input(const int8_t *row, int32_t at, const tk_conv_quads *p)
{
    return at >= 0 && at < p->row_bytes ? row[at] : p->zero_point;
}

/* Four bytes from `at` on of one of `pixels` windows, of which some are not in the row. Returns their sum. */
static inline int32_t tk_quads_word(const int8_t *row, int32_t at, const tk_conv_quads *p, uint32_t *out, int32_t pixels)
{
    const int32_t a = tk_quads_input(row, at, p);
    const int32_t b = tk_quads_input(row, at + 1, p);
    const int32_t c = tk_quads_input(row, at + 2, p);
    const int32_t d = tk_quads_input(row, at + 3, p);

    out[0] = tk_pair(a, c);
    out[pixels] = tk_pair(b, d);
    return a + b + c + d;
}

/* A piece of windows that see none of the image. */
static inline void tk_quads_padding(int32_t pixels, const tk_conv_quads *p, uint32_t *out, int32_t sums[2])
{
    const uint32_t two = tk_pair(p->zero_point, p->zero_point);

    for (int32_t k = p->bytes * pixels / 2; k > 0; --k) {
        *out++ = two;
    }
    sums[0] += p->zero_point * p->bytes;
    sums[1] += p->zero_point * p->bytes;
}

/* How many of `count` bytes from `at` on are all in a row of so many bytes, or all beside it, as the first one is. */
static inline int32_t tk_quads_alike(int32_t at, int32_t count, int32_t size)
{
    const int32_t next = at < 0 ? -at : at < size ? size - at : count;

    return next < count ? next : count;
}

/* A piece of one or two windows that reach beyond the sides of the image: runs of bytes that for each window lie in the row, or
 * beside it; byte by byte where a word lies in both. */
static inline void tk_quads_runs(const int8_t *row, int32_t at, int32_t pixels, const tk_conv_quads *p, uint32_t *out,
                                 int32_t sums[2])
{
    int8_t padding[TK_QUADS_EDGE];
    int32_t count;

    memset(padding, (int)(uint8_t)p->zero_point, sizeof padding);
    for (int32_t k = 0; k < p->bytes; k += count, out += count * pixels / 2) {
        const int8_t *from[2] = {padding, padding};

        count = p->bytes - k;
        for (int32_t i = 0; i < pixels; ++i) {
            const int32_t here = at + k + i * p->apart;

            count = tk_quads_alike(here, count, p->row_bytes);
            if (here >= 0 && here < p->row_bytes) {
                from[i] = row + here;
            } else if (count > TK_QUADS_EDGE) {
                count = TK_QUADS_EDGE;
            }
        }
        count -= count % 4;
        if (count == 0) {
            count = 4;
            for (int32_t i = 0; i < pixels; ++i) {
                sums[i] += tk_quads_word(row, at + k + i * p->apart, p, out + i, pixels);
            }
        } else if (pixels == 2) {
            tk_widen2_s8(from[0], from[1], count, out, sums);
        } else {
            sums[0] += tk_widen_s8(from[0], count, out);
        }
    }
}

static inline int32_t tk_quads_within(int32_t x, int32_t least, int32_t most)
{
    return x < least ? least : x > most ? most : x;
}

/* The short segments of one or two windows that reach beyond the sides of the image, by way of a buffer: it holds the padding, and
 * what there is of a row is in the same place for every row. */
static inline void tk_quads_beside(const int8_t *const *rows, int32_t at, int32_t pixels, const tk_conv_quads *p, uint32_t *out,
                                   int32_t sums[2])
{
    const int32_t bytes = p->bytes;
    const int32_t next = at + p->apart;
    const int32_t lead[2] = {tk_quads_within(-at, 0, bytes), tk_quads_within(-next, 0, bytes)};
    const int32_t count[2] = {tk_quads_within(p->row_bytes - at, lead[0], bytes) - lead[0],
                              tk_quads_within(p->row_bytes - next, lead[1], bytes) - lead[1]};
    int8_t edge[2][TK_QUADS_EDGE];

    memset(edge, (int)(uint8_t)p->zero_point, sizeof edge);
    for (int32_t n = 0; n < p->segments; ++n, out += bytes * pixels / 2) {
        const int8_t *const row = rows[n * p->row_step];

        if (row == NULL) {
            tk_quads_padding(pixels, p, out, sums);
            continue;
        }
        for (int32_t k = 0; k < count[0]; ++k) {
            edge[0][lead[0] + k] = row[at + lead[0] + k];
        }
        if (pixels == 2) {
            for (int32_t k = 0; k < count[1]; ++k) {
                edge[1][lead[1] + k] = row[next + lead[1] + k];
            }
            tk_widen2_s8(edge[0], edge[1], bytes, out, sums);
        } else {
            sums[0] += tk_widen_s8(edge[0], bytes, out);
        }
    }
    sums[0] *= 128;
    sums[1] *= 128;
}

/* `count` pieces from `begin` on of one or two windows, whose first bytes are at `at` in their rows. */
static inline void tk_quads_widen(const int8_t *const *rows, int32_t at, int32_t begin, int32_t count, int32_t pixels, int inside,
                                  const tk_conv_quads *p, uint32_t *out, int32_t sums[2])
{
    const int32_t bytes = p->bytes;
    const int32_t step = bytes * pixels / 2;
    int32_t segment = begin == 0 ? 0 : begin / p->pieces;
    int32_t piece = begin - segment * p->pieces;

    sums[0] = 0;
    sums[1] = 0;
    if (!inside && count == p->segments && p->pieces == 1 && bytes <= TK_QUADS_EDGE) {
        tk_quads_beside(rows, at, pixels, p, out, sums);
        return;
    }
    for (int32_t n = 0; n < count; ++n, out += step) {
        const int8_t *const row = rows[segment * p->row_step];
        const int32_t from = at + piece * bytes;

        if (row == NULL) {
            tk_quads_padding(pixels, p, out, sums);
        } else if (!inside) {
            tk_quads_runs(row, from, pixels, p, out, sums);
        } else if (pixels == 2) {
            tk_widen2_s8(row + from, row + from + p->apart, bytes, out, sums);
        } else {
            sums[0] += tk_widen_s8(row + from, bytes, out);
        }
        if (++piece == p->pieces) {
            piece = 0;
            ++segment;
        }
    }
    sums[0] *= 128;
    sums[1] *= 128;
}

/* One or two windows times all channels. */
static inline void tk_quads_pixels(const int8_t *const *rows, int32_t at, int32_t pixels, int inside, int8_t *y,
                                   const tk_conv_quads *p, const tk_quads_kernels *kernels, uint32_t *scratch)
{
    void (*const kernel)(const uint32_t *, int8_t *, const tk_quads *) = pixels == 2 ? kernels->two : kernels->one;
    const int32_t all = p->segments * p->pieces;
    const int32_t fours = p->channels / 4;
    const int32_t rest = p->channels - 4 * fours;
    uint32_t *const kept = scratch + p->together * p->bytes * (p->out_w > 1 ? 2 : 1) / 2;
    tk_quads quads = {p->weights, 0, 0, p->channels, {0, 0}, NULL, NULL};

    for (int32_t begin = 0; begin < all; begin += p->together) {
        const int32_t count = all - begin < p->together ? all - begin : p->together;
        const int last = begin + count == all;
        const int32_t words = (begin == 0 ? 3 : 0) + count * p->bytes + (last ? kernels->constants : 0);

        tk_quads_widen(rows, at, begin, count, pixels, inside, p, scratch, quads.sums);
        quads.depth = count * p->bytes;
        quads.from = begin == 0 ? NULL : kept;
        quads.to = last ? NULL : kept;
        quads.channels = 4 * fours;
        quads.pitch = p->channels;
        if (fours > 0) {
            kernel(scratch, y, &quads);
            quads.weights += fours * words;
        }
        if (rest > 0) {
            int8_t codes[8];

            quads.from = begin == 0 ? NULL : kept + fours * 3 * pixels;
            quads.to = last ? NULL : kept + fours * 3 * pixels;
            quads.channels = 4;
            quads.pitch = 4;
            kernel(scratch, codes, &quads);
            for (int32_t i = 0; i < pixels && last; ++i) {
                memcpy(y + i * p->channels + 4 * fours, codes + 4 * i, (size_t)rest);
            }
            quads.weights += words;
        }
    }
}

static inline void tk_conv_in_quads(const int8_t *x, int8_t *y, const tk_conv_quads *p, const tk_quads_kernels *kernels,
                                    uint32_t *scratch)
{
    const int32_t reach = (p->segments - 1) * p->row_step + 1;
    const int32_t all = p->segments * p->pieces;
    const int at_once = p->together >= all && p->channels % 4 == 0;
    const int8_t *rows[TK_QUADS_ROWS];
    uint32_t small[TK_QUADS_STACK];
    uint32_t *const widened = scratch != NULL ? scratch : small;
    tk_quads quads = {p->weights, all * p->bytes, p->channels, p->channels, {0, 0}, NULL, NULL};

    for (int32_t i = 0; i < p->batch * p->out_rows; ++i) {
        const int32_t image = i / p->out_rows;
        const int32_t top = (i - image * p->out_rows) * p->stride - p->pad;

        for (int32_t a = 0; a < reach; a += p->row_step) {
            const int32_t row = top + a;

            rows[a] = row >= 0 && row < p->in_rows ? x + (image * p->in_rows + row) * p->row_bytes : NULL;
        }
        for (int32_t j = 0; j < p->out_w; j += 2) {
            const int32_t pixels = j + 1 < p->out_w ? 2 : 1;
            const int32_t at = p->first + j * p->apart;
            const int inside = j >= p->low && j + pixels <= p->high;
            int8_t *const out = y + (i * p->out_w + j) * p->channels;

            if (at_once) {
                tk_quads_widen(rows, at, 0, all, pixels, inside, p, widened, quads.sums);
                (pixels == 2 ? kernels->two : kernels->one)(widened, out, &quads);
            } else {
                tk_quads_pixels(rows, at, pixels, inside, out, p, kernels, widened);
            }
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
