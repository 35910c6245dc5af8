/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise convolutions through planes (tk_planes.h): what lies around the kernels that compute results from them. Internal. */
#ifndef TK_DEPTHWISE_LINES_H
#define TK_DEPTHWISE_LINES_H

#include "tk_planes.h"

#define TK_DEPTHWISE_LINES 32

#ifdef __cplusplus
extern "C" {
#endif

/* A layer. Lines may be the image's rows or its columns. Sizes, pads, strides and reach of the kernel (dilation included) in lines
 * and in columns; pixel, line: bytes from one to the next. Results are computed in strips of at most strip_lines lines and
 * strip_columns columns: (strip_lines - 1) * stride_lines + reach_lines <= TK_DEPTHWISE_LINES, and
 * (strip_columns - 1) * stride_columns + reach_columns <= 2 * TK_LINE.
 * channels: of the input, in fours: 0-3, 4-7, ...; the last four are the last channels, even if the ones before had some of them.
 * multiplier: results of an input channel. four_words: words of weights of four input channels.
 * phases: results are computed in so many runs over a line's columns: with 2, those of even columns and then those of odd ones,
 * phase columns of the input further. stride_columns is that of a run. dilation_lines, kernel_lines: of the kernel. */
typedef struct {
    const uint32_t *weights;
    int32_t four_words;
    int32_t channels;
    int32_t multiplier;
    int32_t zero_point;
    int32_t phases;
    int32_t phase;
    int32_t kernel_lines;
    int32_t dilation_lines;
    int32_t stride_lines;
    int32_t stride_columns;
    int32_t reach_lines;
    int32_t reach_columns;
    int32_t strip_lines;
    int32_t strip_columns;
    int32_t in_lines;
    int32_t in_columns;
    int32_t in_line;
    int32_t in_pixel;
    int32_t out_lines;
    int32_t out_columns;
    int32_t out_line;
    int32_t out_pixel;
    int32_t pad_lines;
    int32_t pad_columns;
    int32_t batch;
    int32_t in_bytes;
    int32_t out_bytes;
} tk_depthwise_layer;

/* What lays the planes, and what computes the results of four input channels from them. A function that includes this
 * names its own, for a compiler to call them by name. */
typedef struct {
    void (*lay)(const int8_t *const *rows, uint32_t *planes, const tk_planes_lines *lines, int32_t channel);
    void (*four)(const uint32_t *planes, int8_t *y, const uint32_t *w, const tk_planes_shape *shape, const tk_depthwise_layer *layer);
} tk_depthwise_kernels;

/* Where the columns of a strip lie in a line, `words` words from column `column` of the image on. */
static inline tk_planes_lines tk_depthwise_across(const tk_depthwise_layer *p, int32_t column, int32_t words, int32_t lines)
{
    const int32_t first = column < 0 ? 0 : column;
    const int32_t outside = first < p->in_columns ? first - column : 2 * words; /* columns of padding on the left */
    const int32_t before = outside / 2 < words ? outside / 2 : words;
    const int32_t left = before < words ? outside % 2 : 0;
    const int32_t rest = words - before - left;
    const int32_t there = rest > 0 ? p->in_columns - first - left : 0;
    const int32_t pairs = there / 2 < rest ? there / 2 : rest;
    const int32_t right = pairs < rest ? there % 2 : 0;
    const tk_planes_lines across = {UINT32_C(0x01010101) * ((uint32_t)p->zero_point & 0xffu), before, left, pairs, right,
                                    rest - pairs - right, p->in_pixel, first * p->in_pixel, lines};

    return across;
}

/* Where an image has fewer than four channels, of which a load of four would leave it: values one by one. */
static inline void tk_depthwise_lay_few(const int8_t *x, int32_t channels, uint32_t *planes, const tk_planes_lines *lines)
{
    const int32_t padding = tk_byte(lines->padding, 0);
    const int32_t words = lines->before + lines->left + lines->pairs + lines->right + lines->after;
    const int32_t first = 2 * lines->before + lines->left;
    const int32_t there = lines->left + 2 * lines->pairs + lines->right;

    for (int32_t q = 0; q < channels; ++q) {
        for (int32_t i = 0; i < words; ++i) {
            int32_t value[2];

            for (int32_t k = 0; k < 2; ++k) {
                const int32_t pixel = 2 * i + k - first;

                value[k] = pixel >= 0 && pixel < there ? x[pixel * lines->pitch + q] : padding;
            }
            planes[q * TK_LINE + i] = tk_pair(value[0], value[1]);
        }
    }
}

static inline void tk_depthwise_blank(uint32_t padding, int32_t words, uint32_t *planes)
{
    const uint32_t pair = tk_pair(tk_byte(padding, 0), tk_byte(padding, 0));

    for (int32_t q = 0; q < 4; ++q) {
        for (int32_t i = 0; i < words; ++i) {
            planes[q * TK_LINE + i] = pair;
        }
    }
}

/* A strip of columns of a run: its planes, and its results from y on. */
static inline void tk_depthwise_strip(const tk_depthwise_kernels *f, const int8_t *const *rows, int8_t *y, int32_t first,
                                      const tk_planes_shape *shape, const tk_depthwise_layer *p, uint32_t *planes)
{
    const int32_t seen = (shape->lines - 1) * p->stride_lines + p->reach_lines;
    const int32_t words = ((shape->columns - 1) * p->stride_columns + p->reach_columns + 1) / 2;
    const tk_planes_lines across = tk_depthwise_across(p, first, words, seen);
    const uint32_t *w = p->weights;

    for (int32_t a = 0; a < seen; ++a) {
        if (rows[a] == 0) { /* laid once for all channels */
            tk_depthwise_blank(across.padding, words, planes + a * TK_FOUR_LINES);
        } else if (p->channels < 4) {
            tk_depthwise_lay_few(rows[a] + across.first, p->channels, planes + a * TK_FOUR_LINES, &across);
        }
    }
    for (int32_t c = 0; c < p->channels; c += 4, w += p->four_words) {
        const int32_t channel = c + 4 > p->channels && p->channels > 4 ? p->channels - 4 : c;

        if (p->channels >= 4) {
            f->lay(rows, planes, &across, channel);
        }
        f->four(planes, y + channel * p->multiplier, w, shape, p);
    }
}

/* `lines` lines of the result, at most strip_lines, from pointers to the (lines - 1) * stride_lines + reach_lines lines of the
 * input that they see; a line of padding is NULL. */
static inline void tk_depthwise_block(const tk_depthwise_kernels *f, const int8_t *const *rows, int8_t *y, int32_t lines,
                                      const tk_depthwise_layer *p, uint32_t *planes)
{
    for (int32_t phase = 0; phase < p->phases; ++phase) {
        const int32_t columns = (p->out_columns - phase + p->phases - 1) / p->phases;
        const int32_t start = phase * p->phase - p->pad_columns;
        int8_t *const to = y + phase * p->out_pixel;
        tk_planes_shape shape = {0, lines, p->phases * p->out_pixel, p->out_line};

        for (int32_t j = 0; j < columns; j += p->strip_columns) {
            shape.columns = columns - j < p->strip_columns ? columns - j : p->strip_columns;
            tk_depthwise_strip(f, rows, to + j * shape.pixel, start + j * p->stride_columns, &shape, p, planes);
        }
    }
}

/* `lines` lines of the result from pointers to those that they see. */
typedef void (*tk_depthwise_rows)(const int8_t *const *rows, int8_t *y, int32_t lines, const tk_depthwise_layer *layer,
                                  uint32_t *scratch);

/* A whole tensor. */
static inline void tk_depthwise_image(tk_depthwise_rows some, const int8_t *x, int8_t *y, const tk_depthwise_layer *p,
                                      uint32_t *planes)
{
    const int8_t *rows[TK_DEPTHWISE_LINES];

    for (int32_t b = 0; b < p->batch; ++b) {
        for (int32_t i = 0; i < p->out_lines; i += p->strip_lines) {
            const int32_t lines = p->out_lines - i < p->strip_lines ? p->out_lines - i : p->strip_lines;
            const int32_t top = i * p->stride_lines - p->pad_lines;

            for (int32_t a = 0; a < (lines - 1) * p->stride_lines + p->reach_lines; ++a) {
                rows[a] = top + a >= 0 && top + a < p->in_lines ? x + (top + a) * p->in_line : 0;
            }
            some(rows, y + i * p->out_line, lines, p, planes);
        }
        x += p->in_bytes;
        y += p->out_bytes;
    }
}

#ifdef __cplusplus
}
#endif

#endif
