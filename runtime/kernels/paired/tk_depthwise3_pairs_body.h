/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_depthwise3_paired_s8, tk_depthwise3_paired_wide_s8, tk_depthwise3_long_s8 and those with `any` in
 * their names, which say by TK_PAIR_SHIFT where in a word the second of two inputs lies, and by TK_PAIR_CODES how a sum becomes a
 * code, see tk_pair_code.h. The inputs are those of two output rows, so that one multiplication serves both. Internal. */
#ifndef TK_DEPTHWISE3_PAIRS_BODY_H
#define TK_DEPTHWISE3_PAIRS_BODY_H

#include "tk_depthwise3_pairs.h"
#include "tk_long.h"
#include "tk_pair_code.h"
#include "tk_shape.h"

#ifndef TK_PAIR_SHIFT
#define TK_PAIR_SHIFT 16
#endif

#ifdef __cplusplus
extern "C" {
#endif

static inline int32_t tk_pair_word(int32_t a, int32_t b)
{
    return a + b * (INT32_C(1) << TK_PAIR_SHIFT);
}

/* The sums of a window in the upper and in the lower of two output rows. */
typedef struct {
    int32_t upper;
    int32_t lower;
} tk_pair_sums;

/* A column of words: the image rows 0 and 1, 1 and 2, 2 and 3 of those under two windows. */
typedef struct {
    int32_t a;
    int32_t b;
    int32_t c;
} tk_pair_column;

static inline tk_pair_column tk_pair_load(const int8_t *x, int32_t pitch)
{
    const int32_t second = x[pitch];
    const int32_t third = x[2 * pitch];
    const tk_pair_column column = {tk_pair_word(x[0], second), tk_pair_word(second, third), tk_pair_word(third, x[3 * pitch])};

    return column;
}

#if TK_PAIR_SHIFT == 16
static inline uint32_t tk_pair_product(int32_t word, int32_t weight)
{
    return (uint32_t)word * (uint32_t)weight;
}

/* Split after every row of three, or after every two. */
static inline tk_pair_sums tk_pair_window(tk_pair_column p, tk_pair_column q, tk_pair_column r, const int32_t *w)
{
    uint32_t t = 0x8000u + tk_pair_product(p.a, w[0]) + tk_pair_product(q.a, w[1]);
    uint32_t words;
    uint32_t uppers;

    if (w[9] != 0) {
        t += tk_pair_product(r.a, w[2]);
        words = t;
        uppers = tk_paired_upper(t);
        t = 0x8000u + tk_pair_product(p.b, w[3]) + tk_pair_product(q.b, w[4]) + tk_pair_product(r.b, w[5]);
        words += t;
        uppers += tk_paired_upper(t);
        t = 0x8000u + tk_pair_product(p.c, w[6]) + tk_pair_product(q.c, w[7]) + tk_pair_product(r.c, w[8]);
        words += t - 3 * UINT32_C(0x8000);
    } else {
        words = t;
        uppers = tk_paired_upper(t);
        t = 0x8000u + tk_pair_product(r.a, w[2]) + tk_pair_product(p.b, w[3]);
        words += t;
        uppers += tk_paired_upper(t);
        t = 0x8000u + tk_pair_product(q.b, w[4]) + tk_pair_product(r.b, w[5]);
        words += t;
        uppers += tk_paired_upper(t);
        t = 0x8000u + tk_pair_product(p.c, w[6]) + tk_pair_product(q.c, w[7]);
        words += t;
        uppers += tk_paired_upper(t);
        t = 0x8000u + tk_pair_product(r.c, w[8]);
        words += t - 5 * UINT32_C(0x8000);
    }
    uppers += tk_paired_upper(t);

    const tk_pair_sums sums = {(int32_t)(words - (uppers << 16)), (int32_t)uppers};

    return sums;
}
#else
static inline tk_pair_sums tk_pair_window(tk_pair_column p, tk_pair_column q, tk_pair_column r, const int32_t *w)
{
    int64_t sum = TK_LONG_START + (int64_t)p.a * w[0];

    sum += (int64_t)q.a * w[1];
    sum += (int64_t)r.a * w[2];
    sum += (int64_t)p.b * w[3];
    sum += (int64_t)q.b * w[4];
    sum += (int64_t)r.b * w[5];
    sum += (int64_t)p.c * w[6];
    sum += (int64_t)q.c * w[7];
    sum += (int64_t)r.c * w[8];

    const tk_pair_sums sums = {tk_long_lower(sum), tk_long_upper(sum)};

    return sums;
}
#endif

/* Where one channel of four image rows lies: their first pixels, and what leads to the next row and pixel. */
typedef struct {
    const int8_t *x;
    int32_t pitch;
    int32_t step;
} tk_pair_source;

/* What does not change from row to row: a channel's constants, in no memory that y might be. */
typedef struct {
    int32_t w[10];
    uint32_t code[TK_PAIR_CODE_WORDS];
    int32_t shift;
    int32_t zero_point;
    int32_t in_w;
    int32_t pad_w;
    int32_t out_w;
    int32_t out_c;
} tk_pair_constants;

/* Two output rows, the second `below` bytes after the first; where there is none, below is 0, and the first is written last. */
static inline void tk_pair_outputs(tk_pair_source from, const tk_pair_constants *k, int32_t below, int8_t *y)
{
    const int32_t outside = tk_pair_word(k->zero_point, k->zero_point);
    const tk_pair_column padding = {outside, outside, outside};
    const int8_t *x = from.x;
    const int32_t end = k->in_w * from.step;
    int32_t outputs = k->out_w;
    int32_t at = 0;
    tk_pair_column p = padding;
    tk_pair_column q = padding;

    if (k->pad_w == 0) {
        p = tk_pair_load(x, from.pitch);
        at = from.step;
    }
    if (at != end) {
        q = tk_pair_load(x + at, from.pitch);
        at += from.step;
    }
    for (;; y += k->out_c) {
        tk_pair_column r = padding;

        if (at != end) {
            r = tk_pair_load(x + at, from.pitch);
            at += from.step;
        }

        const tk_pair_sums sums = tk_pair_window(p, q, r, k->w);

        y[below] = (int8_t)tk_pair_code(sums.lower, k->code, k->shift);
        y[0] = (int8_t)tk_pair_code(sums.upper, k->code, k->shift);
        if (--outputs == 0) {
            return;
        }
        p = q;
        q = r;
    }
}

/* A copy of one channel of four image rows, from `first` on, with zero points for rows outside. */
static inline void tk_pair_copy(const int8_t *x, int32_t first, const tk_conv_shape *s, int32_t zero_point, int8_t *to)
{
    for (int32_t i = first; i < first + 4; ++i) {
        for (int32_t j = 0; j < s->in_w; ++j) {
            *to++ = i >= 0 && i < s->in_h ? x[(i * s->in_w + j) * s->in_c] : (int8_t)zero_point;
        }
    }
}

/* One channel of an image, from its first pixel on. */
static inline void tk_pair_channel(const int8_t *x, int8_t *y, const tk_conv_shape *s, const tk_pair_constants *k, int8_t *scratch)
{
    const int32_t row = s->out_w * s->out_c;
    const int32_t pitch = s->in_w * s->in_c;
    const int32_t rows = s->out_h;
    const int32_t last = s->in_h - 4;
    const int32_t step = s->in_c;

    for (int32_t i = 0, first = -s->pad_h; i < rows; i += 2, first += 2) {
        const int32_t below = i + 1 < rows ? row : 0;
        tk_pair_source from = {scratch, s->in_w, 1};

        if (first >= 0 && first <= last) {
            from.x = x + first * pitch;
            from.pitch = pitch;
            from.step = step;
        } else {
            tk_pair_copy(x, first, s, k->zero_point, scratch);
        }
        tk_pair_outputs(from, k, below, y + i * row);
    }
}

static inline void tk_depthwise3_pairs(const int8_t *x, int8_t *y, const tk_conv_shape *s, const tk_depthwise3_pairs_params *p,
                                       int8_t *scratch)
{
    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t c = 0; c < s->out_c; ++c) {
            tk_pair_constants k = {{0}, {0}, p->shift, p->zero_point, s->in_w, s->pad_w, s->out_w, s->out_c};

            for (int32_t i = 0; i < 10; ++i) {
                k.w[i] = p->weights[10 * c + i];
            }
            for (int32_t i = 0; i < TK_PAIR_CODE_WORDS; ++i) {
                k.code[i] = p->codes[TK_PAIR_CODE_WORDS * c + i];
            }
            tk_pair_channel(x + c, y + c, s, &k, scratch);
        }
        x += s->in_h * s->in_w * s->in_c;
        y += s->out_h * s->out_w * s->out_c;
    }
}

#ifdef __cplusplus
}
#endif

#endif
