/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_conv_paired_wide_s8 and tk_conv_paired_wide_any_s8 share, which say by TK_PAIR_CODES how a sum becomes a code, by
 * TK_WIDE_TILE what computes four pixels, and include what is called here: which files a kernel needs is read in its source.
 * Internal. */
#ifndef TK_CONV_PAIRED_WIDE_BODY_H
#define TK_CONV_PAIRED_WIDE_BODY_H

#include "tk_conv_paired_wide_s8.h"
#include "tk_dot_wide4_s8.h"
#include "tk_pair_code.h"
#include "tk_pixel_pairs.h"
#include "tk_tile_wide2_s8.h"

#ifndef TK_WIDE_TILE
#define TK_WIDE_TILE tk_tile_wide2_s8
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The words of `count` inputs of two pixels, every `apart`-th one. */
static uint32_t *tk_wide_words(const int8_t *a, const int8_t *b, int32_t count, uint32_t *words, int32_t apart)
{
    for (int32_t k = 0; k < count; ++k) {
        *words = (uint32_t)a[k] + ((uint32_t)b[k] << 16);
        words += apart;
    }
    return words;
}

/* Those of two windows of `inputs` bytes, and zeros up to `depth` of them. room: for two windows. */
static void tk_wide_windows(const int8_t *x, int32_t i, int32_t j, const tk_conv_shape *s, const tk_conv_paired_wide_params *p,
                         uint32_t *words, int32_t apart, int8_t *room)
{
    const int32_t inputs = s->k_h * s->k_w * s->in_c;
    const int32_t first = tk_pair_inside(i, s);
    const int32_t second = tk_pair_inside(j, s);
    uint32_t *end = words;

    if (first >= 0 && second >= 0) {
        const int32_t pitch = s->dilation_h * s->in_w * s->in_c;

        for (int32_t row = 0; row < s->k_h; ++row) {
            end = tk_wide_words(x + first + row * pitch, x + second + row * pitch, s->k_w * s->in_c, end, apart);
        }
    } else {
        tk_pair_window(x, i, s, p->zero_point, room);
        tk_pair_window(x, j, s, p->zero_point, room + p->depth);
        end = tk_wide_words(room, room + p->depth, inputs, words, apart);
    }
    for (int32_t k = inputs; k < p->depth; ++k) {
        *end = 0;
        end += apart;
    }
}

/* All channels of two output pixels, in groups of four inputs. */
static void tk_wide_convolve(const uint32_t *words, const tk_conv_paired_wide_params *p, int32_t channels, int8_t *y0,
                                    int8_t *y1)
{
    const uint32_t starts = (uint32_t)(p->depth / 4) << 15;
    const uint32_t *code = p->codes;
    const int8_t *w = p->weights;
    const int32_t shift = p->shift;

    for (int32_t c = 0; c < channels; c += 4, w += 4 * p->depth) {
        const int32_t stored = channels - c < 4 ? channels - c : 4;
        uint32_t sums[8];

        tk_dot_wide4_s8(words, w, words + p->depth, sums);
        for (int32_t i = 0; i < stored; ++i, code += TK_PAIR_CODE_WORDS) {
            y0[c + i] = (int8_t)tk_pair_code((int32_t)(sums[i] - (sums[i + 4] << 16) - starts), code, shift);
            y1[c + i] = (int8_t)tk_pair_code((int32_t)sums[i + 4], code, shift);
        }
    }
}

/* An image in groups of four inputs, two pixels at a time; a last one without partner is paired with itself. */
static void tk_wide_pairs(const int8_t *x, int8_t *y, const tk_conv_shape *s, const tk_conv_paired_wide_params *p,
                                 uint32_t *words)
{
    const int32_t last = s->out_h * s->out_w - 1;

    for (int32_t i = 0; i <= last; i += 2) {
        const int32_t j = i < last ? i + 1 : i;

        tk_wide_windows(x, i, j, s, p, words, 1, (int8_t *)(words + p->depth));
        tk_wide_convolve(words, p, s->out_c, y + i * p->pitch, y + j * p->pitch);
    }
}

/* An image in groups of two inputs, four pixels at a time; the last one stands for those that are missing. */
static void tk_wide_fours(const int8_t *x, int8_t *y, const tk_conv_shape *s, const tk_conv_paired_wide_params *p, uint32_t *words)
{
    const int32_t last = s->out_h * s->out_w - 1;
    const tk_tile_wide2 layer = {p->weights, p->codes, p->depth, s->out_c, p->shift};
    int8_t *const room = (int8_t *)(words + 2 * p->depth);

    for (int32_t i = 0; i <= last; i += 4) {
        const int32_t second = i + 1 < last ? i + 1 : last;
        const int32_t third = i + 2 < last ? i + 2 : last;
        const int32_t fourth = i + 3 < last ? i + 3 : last;
        int8_t *const to[4] = {y + i * p->pitch, y + second * p->pitch, y + third * p->pitch, y + fourth * p->pitch};

        tk_wide_windows(x, i, second, s, p, words, 2, room);
        tk_wide_windows(x, third, fourth, s, p, words + 1, 2, room);
        TK_WIDE_TILE(words, to, &layer);
    }
}

static inline void tk_wide_image(const int8_t *x, int8_t *y, const tk_conv_shape *s, const tk_conv_paired_wide_params *p,
                                 uint32_t *words)
{
    if (p->group == 4) {
        tk_wide_pairs(x, y, s, p, words);
    } else {
        tk_wide_fours(x, y, s, p, words);
    }
}

#ifdef __cplusplus
}
#endif

#endif
