/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_conv_long_s8 and tk_conv_long_any_s8 share, which say by TK_PAIR_CODES how a sum becomes a code, and
 * include what is called here: which files a kernel needs is read in its source. Internal. */
#ifndef TK_CONV_LONG_BODY_H
#define TK_CONV_LONG_BODY_H

#include "tk_conv_long_s8.h"
#include "tk_dot_long_s8.h"
#include "tk_long.h"
#include "tk_pair_code.h"
#include "tk_pixel_pairs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The words of `count` inputs of two pixels. */
static inline int32_t *tk_long_words(const int8_t *a, const int8_t *b, int32_t count, int32_t *words)
{
    for (int32_t k = 0; k < count; ++k) {
        *words++ = a[k] + b[k] * (INT32_C(1) << 23);
    }
    return words;
}

/* Those of two windows of `inputs` bytes, and zeros up to `depth` of them. */
static inline void tk_long_windows(const int8_t *x, int32_t i, int32_t j, const tk_conv_shape *s, int32_t zero_point,
                                   int32_t depth, int32_t *words)
{
    const int32_t inputs = s->k_h * s->k_w * s->in_c;
    const int32_t first = tk_pair_inside(i, s);
    const int32_t second = tk_pair_inside(j, s);
    int32_t *end = words;

    if (first >= 0 && second >= 0) {
        const int32_t pitch = s->dilation_h * s->in_w * s->in_c;

        for (int32_t row = 0; row < s->k_h; ++row) {
            end = tk_long_words(x + first + row * pitch, x + second + row * pitch, s->k_w * s->in_c, end);
        }
    } else {
        int8_t *const room = (int8_t *)(words + depth);

        tk_pair_window(x, i, s, zero_point, room);
        tk_pair_window(x, j, s, zero_point, room + depth);
        end = tk_long_words(room, room + depth, inputs, words);
    }
    while (end != words + depth) {
        *end++ = 0;
    }
}

/* All channels of two output pixels. */
static inline void tk_long_convolve(const int32_t *words, const tk_conv_long_params *p, int32_t channels, int8_t *y0,
                                    int8_t *y1)
{
    const uint32_t *code = p->codes;
    const int8_t *w = p->weights;
    const int32_t shift = p->shift;

    for (int32_t c = 0; c < channels; c += 4, w += 4 * p->depth) {
        const int32_t stored = channels - c < 4 ? channels - c : 4;
        int64_t sums[4];

        tk_dot_long_s8(words, w, words + p->depth, sums);
        for (int32_t i = 0; i < stored; ++i, code += TK_PAIR_CODE_WORDS) {
            y0[c + i] = (int8_t)tk_pair_code(tk_long_lower(sums[i]), code, shift);
            y1[c + i] = (int8_t)tk_pair_code(tk_long_upper(sums[i]), code, shift);
        }
    }
}

/* Output pixel `i` of an image and the next one; a last one without partner is paired with itself. */
static inline void tk_long_pixels(const int8_t *x, int8_t *y, int32_t i, const tk_conv_shape *s, const tk_conv_long_params *p,
                                  int32_t *scratch)
{
    const int32_t j = i + 1 < s->out_h * s->out_w ? i + 1 : i;

    tk_long_windows(x, i, j, s, p->zero_point, p->depth, scratch);
    tk_long_convolve(scratch, p, s->out_c, y + i * p->pitch, y + j * p->pitch);
}

#ifdef __cplusplus
}
#endif

#endif
