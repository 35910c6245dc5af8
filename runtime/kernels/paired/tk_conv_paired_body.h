/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_conv_paired_s8 and tk_conv_paired_any_s8 share, which say by TK_PAIR_CODES how a sum becomes a code, and
 * include what is called here: which files a kernel needs is read in its source. Internal. */
#ifndef TK_CONV_PAIRED_BODY_H
#define TK_CONV_PAIRED_BODY_H

#include "tk_conv_paired_s8.h"
#include "tk_dot_paired2_s8.h"
#include "tk_dot_paired4_s8.h"
#include "tk_pair_code.h"
#include "tk_pixel_pairs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The words of two windows of `inputs` bytes, and zeros up to `depth` inputs. Returns their end. */
static inline uint32_t *tk_pair_words(const int8_t *a, const int8_t *b, int32_t inputs, int32_t depth, int32_t group,
                                      uint32_t *words)
{
    for (int32_t k = 0; k < depth;) {
        const int32_t end = k + group < inputs ? k + group : inputs;
        uint32_t *const correction = words + group;
        uint32_t sum = 0;

        for (; k < end; ++k) {
            const uint32_t word = (uint32_t)a[k] + ((uint32_t)b[k] << 16);

            *words++ = word;
            sum += word;
        }
        while (words != correction) {
            *words++ = 0;
            ++k;
        }
        *words++ = 0x8000u - (sum << 7);
    }
    return words;
}

/* All channels of two output pixels. */
static void tk_pair_convolve(const uint32_t *words, const uint32_t *end, const tk_conv_paired_params *p, int32_t channels,
                                    int8_t *y0, int8_t *y1)
{
    const uint32_t starts = (uint32_t)(p->depth / p->group) << 15;
    const uint32_t *code = p->codes;
    const uint8_t *w = p->weights;
    const int32_t split = p->split;

    for (int32_t c = 0; c < channels; c += 2, w += 2 * p->depth) {
        uint32_t sums[4];

        (p->group == 4 ? tk_dot_paired4_s8 : tk_dot_paired2_s8)(words, w, end, sums);
        y0[c] = (int8_t)tk_pair_code((int32_t)(sums[0] - (sums[1] << 16) - starts), code, split);
        y1[c] = (int8_t)tk_pair_code((int32_t)sums[1], code, split);
        code += TK_PAIR_CODE_WORDS;
        if (c + 1 < channels) {
            y0[c + 1] = (int8_t)tk_pair_code((int32_t)(sums[2] - (sums[3] << 16) - starts), code, split);
            y1[c + 1] = (int8_t)tk_pair_code((int32_t)sums[3], code, split);
            code += TK_PAIR_CODE_WORDS;
        }
    }
}

/* Output pixel `i` of an image and the next one; a last one without partner is paired with itself. */
static inline void tk_pair_pixels(const int8_t *x, int8_t *y, int32_t i, const tk_conv_shape *s, const tk_conv_paired_params *p,
                                  uint32_t *scratch)
{
    const int32_t j = i + 1 < s->out_h * s->out_w ? i + 1 : i;
    int8_t *const room = (int8_t *)(scratch + p->depth / p->group * (p->group + 1));
    const int8_t *const first = tk_pair_inputs(x, i, s, p->zero_point, room);
    const int8_t *const second = tk_pair_inputs(x, j, s, p->zero_point, room + p->depth);
    const uint32_t *const end = tk_pair_words(first, second, s->k_h * s->k_w * s->in_c, p->depth, p->group, scratch);

    tk_pair_convolve(scratch, end, p, s->out_c, y + i * p->pitch, y + j * p->pitch);
}

#ifdef __cplusplus
}
#endif

#endif
