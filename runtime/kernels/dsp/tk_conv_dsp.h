/* SPDX-License-Identifier: Apache-2.0 */
/* The convolution of tk_conv_dsp_s8 and tk_conv_dsp_any_s8, which differ in the requantization. Internal.
 *
 * Output pixels are taken four at a time, row after row without a break. The windows of four neighbours inside the image are
 * woven (tk_widen4_s8) straight from its rows; others are gathered first, padding filled in. What is left over, one or two
 * pixels, is done two at a time. */
#ifndef TK_CONV_DSP_H
#define TK_CONV_DSP_H

#include <string.h>

#include "tk_gemm_s8.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: as for tk_gemm_s8, a group after the other. depth: inputs of a window with each segment rounded up to a multiple of
 * 4; a segment is what is contiguous in memory: a row of the window, or one tap if there are groups or columns are dilated.
 * channels: of a group, rounded up to an even number. zero_point: of the input. */
typedef struct {
    const uint32_t *weights;
    int32_t depth;
    int32_t channels;
    int32_t zero_point;
} tk_conv_dsp_params;

/* The functions that do the work, on four and on two pixels, and the words that an output channel has in the weights beside its
 * start. A function that includes this names its own, for a compiler to call them by name. */
typedef struct {
    void (*widen4)(const int8_t *x, int32_t pitch, int32_t bytes, uint32_t *out);
    void (*widen2)(const int8_t *x, int32_t pitch, int32_t bytes, uint32_t *out);
    void (*gemm4)(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);
    void (*gemm2)(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);
    int32_t words;
} tk_conv_kernels;

/* An image and how windows lie in it. Bytes: of an image row; from an output pixel's window to the next; of a segment, rounded
 * up to a multiple of 4; from a segment to the next. offset: where the group's channels begin in a pixel. */
typedef struct {
    const int8_t *x;
    const tk_conv_shape *shape;
    int32_t row_bytes;
    int32_t pitch;
    int32_t segments;
    int32_t stored;
    int32_t next;
    int32_t depth;
    int32_t offset;
    int8_t zero_point;
} tk_conv_windows;

/* Where the window of an output pixel of column x begins: image row, and bytes from the row's start; negative in padding. */
typedef struct {
    int32_t x;
    int32_t row;
    int32_t start;
} tk_conv_corner;

static inline tk_conv_corner tk_conv_at(const tk_conv_windows *v, int32_t pixel)
{
    const tk_conv_shape *const s = v->shape;
    const int32_t y = pixel / s->out_w;
    const int32_t x = pixel - y * s->out_w;
    const tk_conv_corner corner = {x, y * s->stride_h - s->pad_h, x * v->pitch - s->pad_w * s->in_c + v->offset};

    return corner;
}

static inline tk_conv_corner tk_conv_after(const tk_conv_windows *v, tk_conv_corner corner)
{
    ++corner.x;
    corner.start += v->pitch;
    if (corner.x == v->shape->out_w) {
        corner.x = 0;
        corner.start -= v->shape->out_w * v->pitch;
        corner.row += v->shape->stride_h;
    }
    return corner;
}

/* How many windows of this row of the output, from `corner` on, touch nothing but image, also where segments are rounded up. */
static inline int32_t tk_conv_inside(const tk_conv_windows *v, tk_conv_corner corner)
{
    const tk_conv_shape *const s = v->shape;
    const int32_t room = v->row_bytes - corner.start - (v->segments - 1) * v->next - v->stored;

    if (corner.row < 0 || corner.row + (s->k_h - 1) * s->dilation_h >= s->in_h || corner.start < 0 || room < 0) {
        return 0;
    }
    return room / v->pitch + 1 < s->out_w - corner.x ? room / v->pitch + 1 : s->out_w - corner.x;
}

/* `bytes` bytes of an image row of `width` bytes, from `start` on, with zero points for what is outside. */
static inline void tk_conv_edge(const int8_t *row, int32_t start, int32_t width, int8_t zero_point, int8_t *to, int32_t bytes)
{
    for (int32_t k = 0; k < bytes; ++k) {
        const uint32_t at = (uint32_t)(start + k);

        to[k] = at < (uint32_t)width ? row[at] : zero_point;
    }
}

/* Segments are short: compilers are kept from making a call of memcpy of the loop. */
#if defined(__GNUC__)
#define TK_KEEP_LOOP() __asm__ volatile("" ::: "memory")
#else
#define TK_KEEP_LOOP() ((void)0)
#endif

/* The window at a corner, segment by segment. */
static inline void tk_conv_gather(const tk_conv_windows *v, tk_conv_corner corner, int8_t *to)
{
    const int32_t rows = v->shape->k_h; /* read before bytes are written, which might be anything's */
    const int32_t below = v->shape->dilation_h;
    const int32_t height = v->shape->in_h;
    const int32_t width = v->row_bytes;
    const int32_t stored = v->stored;
    const int32_t next = v->next;
    const int32_t end = corner.start + v->segments * next;
    const int8_t zero_point = v->zero_point;
    const int8_t *const x = v->x;
    int32_t y = corner.row;

    for (int32_t a = 0; a < rows; ++a, y += below) {
        const int inside = y >= 0 && y < height;
        const int8_t *const row = x + (inside ? y * width : 0);

        for (int32_t start = corner.start; start < end; start += next, to += stored) {
            if (!inside || start < 0 || start + stored > width) {
                tk_conv_edge(row, start, inside ? width : 0, zero_point, to, stored);
                continue;
            }
            for (int32_t k = 0; k < stored; k += 4) {
                memcpy(to + k, row + start + k, 4);
                TK_KEEP_LOOP();
            }
        }
    }
}

/* Four windows next to each other inside the image. */
static inline void tk_conv_weave(const tk_conv_windows *v, const tk_conv_kernels *f, tk_conv_corner corner, uint32_t *woven)
{
    const int8_t *row = v->x + corner.row * v->row_bytes + corner.start;

    for (int32_t a = 0; a < v->shape->k_h; ++a, row += v->shape->dilation_h * v->row_bytes) {
        for (int32_t b = 0; b < v->segments; ++b, woven += v->stored / 2 * 3) {
            f->widen4(row + b * v->next, v->pitch, v->stored, woven);
        }
    }
}

/* The windows of `count` output pixels (2 or 4) from `first` on, and beyond `last` the last one again. */
static inline void tk_conv_weave_any(const tk_conv_windows *v, const tk_conv_kernels *f, int32_t first, int32_t count,
                                     int32_t last, uint32_t *woven)
{
    int8_t *const gathered = (int8_t *)(woven + (count == 4 ? v->depth / 2 * 3 : v->depth));
    tk_conv_corner corner = tk_conv_at(v, first);

    for (int32_t i = 0; i < count; ++i) {
        tk_conv_gather(v, corner, gathered + i * v->depth);
        if (first + i < last) {
            corner = tk_conv_after(v, corner);
        }
    }
    (count == 4 ? f->widen4 : f->widen2)(gathered, v->depth, v->depth, woven);
}

/* All output pixels of an image. room: where an odd number of channels is rounded up, as many bytes as four pixels have. */
static inline void tk_conv_image(const tk_conv_windows *v, const tk_conv_kernels *f, int8_t *y, tk_gemm_s8 gemm,
                                 int32_t channels, uint32_t *woven, int8_t *room)
{
    const int odd = channels != gemm.channels;
    const int32_t pixels = v->shape->out_h * v->shape->out_w;
    const int32_t out_c = v->shape->out_c;

    for (int32_t i = 0; i < pixels;) {
        const tk_conv_corner corner = tk_conv_at(v, i);
        const int32_t inside = tk_conv_inside(v, corner) / 4 * 4;
        const int32_t again = inside == 0 && pixels - i == 3 && i > 0 ? 1 : 0;
        const int32_t count = pixels - i + again > 3 ? 4 : 2;
        tk_conv_corner at = corner;

        if (inside > 0 && !odd) {
            for (const int32_t end = i + inside; i < end; i += 4, at.start += 4 * v->pitch) {
                tk_conv_weave(v, f, at, woven);
                f->gemm4(woven, y + i * out_c, &gemm);
            }
            continue;
        }
        i -= again;
        tk_conv_weave_any(v, f, i, count, pixels - 1, woven);
        gemm.pitch = i + count > pixels ? 0 : gemm.pitch;
        (count == 4 ? f->gemm4 : f->gemm2)(woven, odd ? room : y + i * out_c, &gemm);
        for (int32_t k = 0; odd && k < count && i + k < pixels; ++k) {
            memcpy(y + (i + k) * out_c, room + k * gemm.pitch, (size_t)channels);
        }
        i += count;
    }
}

static inline void tk_conv_dsp(const tk_conv_kernels *f, const int8_t *x, int8_t *y, const tk_conv_shape *s,
                               const tk_conv_dsp_params *p, uint32_t *scratch)
{
    const int apart = s->dilation_w > 1 || s->groups > 1;
    const int32_t in_c = s->in_c / s->groups;
    const int32_t out_c = s->out_c / s->groups;
    const int32_t segment = in_c * (apart ? 1 : s->k_w);
    const int32_t words = p->channels / 2 * (2 + p->depth / 2 + 2 * f->words);
    tk_conv_windows v = {x, s, s->in_w * s->in_c, s->stride_w * s->in_c, apart ? s->k_w : 1, (segment + 3) / 4 * 4,
                         s->dilation_w * s->in_c, p->depth, 0, (int8_t)p->zero_point};
    tk_gemm_s8 gemm = {p->weights, p->depth, p->channels, p->channels == out_c ? s->out_c : p->channels};

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t g = 0; g < s->groups; ++g) {
            v.offset = g * in_c;
            gemm.weights = p->weights + g * words;
            tk_conv_image(&v, f, y + g * out_c, gemm, out_c, scratch, (int8_t *)scratch + 10 * p->depth);
        }
        v.x += s->in_h * v.row_bytes;
        y += s->out_h * s->out_w * s->out_c;
    }
}

#ifdef __cplusplus
}
#endif

#endif
