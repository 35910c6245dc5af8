/* SPDX-License-Identifier: Apache-2.0 */
/* The convolutions tk_conv_dsp_s8 and tk_conv_dsp_any_s8, which differ in the requantization. Internal.
 *
 * A strip of output rows is computed from pointers to the input rows that it sees. Where windows reach beyond the image, or words
 * of segments beyond a row, the rows are first copied between zero points; what follows then never asks where the image ends.
 * Output pixels are taken four at a time, row after row without a break. Fours of a row (tk_conv4_s8) are read
 * straight from the rows, others are gathered first. What is left over in a strip, one or two pixels, is done two at a time. */
#ifndef TK_CONV_DSP_H
#define TK_CONV_DSP_H

#include <string.h>

#include "tk_conv4.h"

#define TK_CONV_ROWS 32

#ifdef __cplusplus
extern "C" {
#endif

/* A layer.
 * weights: as for tk_gemm_s8, a group after the other, group_words each. depth: inputs of a window as they are woven.
 * channels: of a group, rounded up to an even number. zero_point: of the input.
 * strip: output rows at a time, (strip - 1) * stride + (k_h - 1) * dilation + 1 <= TK_CONV_ROWS.
 * row_bytes: of an input row. lead, width: bytes before the pixels of a row that is copied, a multiple of 4 that is at least the
 * padding, and of the copy in all, a multiple of 4; width is 0 if rows are read where they are.
 * before: bytes from the first pixel of a row, or its copy, to the first window, negative in padding.
 * weave: of a group. in_group, out_group: channels. in_rows, out_rows, out_w: of the images.
 * Results: the first one is `first` bytes from y; out_pixel, out_line, out_image: bytes from a pixel, row, image to the next. If
 * out_w is no multiple of 4, rows without a break (out_line = out_w * out_pixel), or strips of one row. */
typedef struct {
    const uint32_t *weights;
    int32_t group_words;
    int32_t depth;
    int32_t channels;
    int32_t zero_point;
    int32_t strip;
    int32_t row_bytes;
    int32_t lead;
    int32_t width;
    int32_t before;
    int32_t groups;
    int32_t in_group;
    int32_t out_group;
    int32_t first;
    int32_t out_pixel;
    int32_t out_line;
    int32_t out_image;
    int32_t batch;
    int32_t in_rows;
    int32_t out_rows;
    int32_t out_w;
    int32_t stride;
    int32_t pad;
    int32_t seen;
    tk_weave weave;
} tk_conv_layer;

/* The functions that do the work, on four and on two pixels. A function that includes this names its own, for a compiler to call
 * them by name. */
typedef struct {
    void (*conv4)(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);
    void (*weave2)(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_weave *weave);
    void (*gemm2)(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);
} tk_conv_kernels;

/* Scratch of a strip: `woven` for the products, `gathered` for windows that do not lie in one row, `room` for the results of four
 * pixels where an odd number of channels is rounded up. */
typedef struct {
    uint32_t *woven;
    int8_t *gathered;
    int8_t *room;
} tk_conv_space;

/* Segments are short: compilers are kept from making a call of memcpy of the loop. */
#if defined(__GNUC__)
#define TK_KEEP_LOOP() __asm__ volatile("" ::: "memory")
#else
#define TK_KEEP_LOOP() ((void)0)
#endif

/* A window of whole words, which begins `first` bytes from where `rows` point. */
static inline void tk_conv_gather(const int8_t *const *rows, int32_t first, const tk_weave *w, int8_t *to)
{
    const int32_t bytes = 4 * w->words; /* read before bytes are written, which might be anything's */
    const int32_t next = w->next;
    const int32_t end = first + w->segments * next;
    const int32_t step = w->row_step;

    for (int32_t a = w->rows; a > 0; --a, rows += step) {
        for (int32_t start = first; start < end; start += next, to += bytes) {
            for (int32_t k = 0; k < bytes; k += 4) {
                memcpy(to + k, *rows + start + k, 4);
                TK_KEEP_LOOP();
            }
        }
    }
}

/* `count` output pixels (2 or 4) from `first` on, and beyond `last` the last one again. */
static inline void tk_conv_any(const tk_conv_layer *p, const tk_conv_kernels *f, const int8_t *const *rows, int32_t offset,
                               int32_t first, int32_t count, int32_t last, int8_t *to, const tk_gemm_s8 *gemm,
                               const tk_conv_space *space)
{
    const int32_t segments = p->weave.rows * p->weave.segments;
    const int32_t bytes = segments * p->weave.words * 4;
    const tk_weave gathered = {1, 0, segments, p->weave.words * 4, p->weave.words, p->weave.half, bytes};
    const tk_conv4 four = {&gathered, gemm, space->woven, 1, 0, 0};
    const int8_t *const row = space->gathered;
    int32_t y = first / p->out_w;
    int32_t x = first - y * p->out_w;

    for (int32_t i = 0; i < count; ++i) {
        tk_conv_gather(rows + y * p->stride, offset + x * p->weave.pitch, &p->weave, space->gathered + i * bytes);
        if (first + i < last && ++x == p->out_w) {
            x = 0;
            ++y;
        }
    }
    if (count == 4) {
        f->conv4(&row, 0, to, &four);
    } else {
        f->weave2(&row, 0, space->woven, &gathered);
        f->gemm2(space->woven, to, gemm);
    }
}

/* The results of `count` pixels from where they were computed to where they belong, an odd number of channels each. */
static inline void tk_conv_store(const tk_conv_layer *p, const int8_t *room, int32_t pitch, int32_t count, int8_t *y)
{
    for (int32_t k = 0; k < count; ++k) {
        memcpy(y + k * p->out_pixel, room + k * pitch, (size_t)p->out_group);
    }
}

/* A group of a strip of `lines` output rows. */
static inline void tk_conv_group(const tk_conv_layer *p, const tk_conv_kernels *f, const int8_t *const *rows, int32_t offset,
                                 int32_t lines, int8_t *y, tk_gemm_s8 gemm, const tk_conv_space *space)
{
    const int odd = p->out_group != gemm.channels;
    const int32_t pixels = lines * p->out_w;
    tk_conv4 run = {&p->weave, &gemm, space->woven, 1, 0, 4 * gemm.pitch};
    int32_t line = 0; /* of pixel i, and its column */
    int32_t x = 0;

    for (int32_t i = 0; i < pixels;) {
        int8_t *const to = y + line * p->out_line + x * p->out_pixel;
        int32_t count;

        if (x + 4 <= p->out_w) {
            run.count = odd ? 1 : (p->out_w - x) / 4;
            count = 4 * run.count;
            f->conv4(rows + line * p->stride, offset + x * p->weave.pitch, odd ? space->room : to, &run);
            if (odd) {
                tk_conv_store(p, space->room, gemm.pitch, 4, to);
            }
        } else {
            const int32_t again = pixels - i == 3 && i > 0 ? 1 : 0;
            const int32_t four = pixels - i + again > 3;
            int8_t *const from = to - again * p->out_pixel;

            count = (four ? 4 : 2) - again;
            gemm.pitch = i + count > pixels ? 0 : gemm.pitch;
            tk_conv_any(p, f, rows, offset, i - again, four ? 4 : 2, pixels - 1, odd ? space->room : from, &gemm, space);
            if (odd) {
                tk_conv_store(p, space->room, gemm.pitch, i + count > pixels ? 1 : count + again, from);
            }
        }
        i += count;
        for (x += count; x >= p->out_w; x -= p->out_w) {
            ++line;
        }
    }
}

/* The rows of a strip, copied between zero points. */
static inline void tk_conv_copy(const tk_conv_layer *p, const int8_t *const *rows, int32_t count, const int8_t **copies, int8_t *to)
{
    const int zero_point = (int)(uint8_t)p->zero_point;

    for (int32_t a = 0; a < count; ++a, to += p->width) {
        copies[a] = to + p->lead;
        if (rows[a] == 0) {
            memset(to, zero_point, (size_t)p->width);
        } else {
            memset(to, zero_point, (size_t)p->lead);
            memcpy(to + p->lead, rows[a], (size_t)p->row_bytes);
            memset(to + p->lead + p->row_bytes, zero_point, (size_t)(p->width - p->lead - p->row_bytes));
        }
    }
}

/* constants: of the kernels *_apart_*, group_constants words for each group; else NULL, and 0. */
static inline void tk_conv_strip(const tk_conv_kernels *f, const int8_t *const *rows, int8_t *y, int32_t lines,
                                 const tk_conv_layer *p, uint32_t *scratch, const uint32_t *constants, int32_t group_constants)
{
    const int32_t gathered = p->out_w % 4 != 0 ? 4 * p->weave.rows * p->weave.segments * p->weave.words : 0;
    int8_t *const behind = (int8_t *)(scratch + p->depth / 2 * 3 + 3);
    const tk_conv_space space = {scratch, behind, behind + 4 * gathered};
    const int8_t *copies[TK_CONV_ROWS];
    tk_gemm_s8 gemm = {p->weights, p->depth, p->channels, p->channels == p->out_group ? p->out_pixel : p->channels, constants};

    if (p->width > 0) {
        const int odd = p->channels != p->out_group;

        tk_conv_copy(p, rows, (lines - 1) * p->stride + p->seen, copies, space.room + (odd ? 4 * p->channels : 0));
    }
    for (int32_t g = 0; g < p->groups; ++g) {
        tk_conv_group(p, f, p->width > 0 ? copies : rows, p->before + g * p->in_group, lines, y + g * p->out_group, gemm, &space);
        gemm.weights += p->group_words;
        gemm.constants = constants == 0 ? 0 : gemm.constants + group_constants;
    }
}

/* `lines` rows of the result from pointers to the rows that they see. */
typedef void (*tk_conv_rows)(const int8_t *const *rows, int8_t *y, int32_t lines, const tk_conv_layer *layer, uint32_t *scratch);

/* A whole tensor. */
static inline void tk_conv_image(tk_conv_rows some, const int8_t *x, int8_t *y, const tk_conv_layer *p, uint32_t *scratch)
{
    const int8_t *rows[TK_CONV_ROWS];

    for (int32_t b = 0; b < p->batch; ++b) {
        for (int32_t i = 0; i < p->out_rows; i += p->strip) {
            const int32_t lines = p->out_rows - i < p->strip ? p->out_rows - i : p->strip;
            const int32_t top = i * p->stride - p->pad;

            for (int32_t a = 0; a < (lines - 1) * p->stride + p->seen; ++a) {
                rows[a] = top + a >= 0 && top + a < p->in_rows ? x + (top + a) * p->row_bytes : 0;
            }
            some(rows, y + p->first + i * p->out_line, lines, p, scratch);
        }
        x += p->in_rows * p->row_bytes;
        y += p->out_image;
    }
}

#ifdef __cplusplus
}
#endif

#endif
