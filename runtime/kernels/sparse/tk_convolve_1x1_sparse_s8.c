/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_convolve_1x1_sparse_s8.h"

#define WORDS (TK_SPARSE_PIXELS / 2)

/* Input after input, the pixels side by side; the last pixel stands for those that are not there. */
static void lay(const int8_t *x, int32_t pixels, int32_t inputs, uint32_t *planes)
{
    for (int32_t w = 0; w < WORDS; ++w) {
        const int8_t *low = x + (2 * w < pixels ? 2 * w : pixels - 1) * inputs;
        const int8_t *high = x + (2 * w + 1 < pixels ? 2 * w + 1 : pixels - 1) * inputs;

        for (int32_t i = 0; i < inputs; ++i) {
            planes[i * WORDS + w] = ((uint32_t)low[i] & 0xffffu) | (uint32_t)high[i] << 16;
        }
    }
}

static inline int32_t low_times(uint32_t pair, int32_t weight, int32_t sum)
{
    return (int16_t)(pair & 0xffffu) * (int32_t)(int16_t)weight + sum;
}

static inline int32_t high_times(uint32_t pair, int32_t weight, int32_t sum)
{
    return (int16_t)(pair >> 16) * (int32_t)(int16_t)weight + sum;
}

/* The sums of TK_SPARSE_PIXELS pixels, from the entries up to `end`. */
static inline void sums_of(const uint32_t *p, const int8_t *entries, const int8_t *end, int32_t bias, int32_t *sums)
{
    int32_t a = bias, b = bias, c = bias, d = bias, e = bias, f = bias, g = bias, h = bias;

    while (entries != end) {
        const int32_t weight = entries[0];
        uint32_t pair;

        p += entries[1] * WORDS;
        entries += 2;
        pair = p[0];
        a = low_times(pair, weight, a);
        b = high_times(pair, weight, b);
        pair = p[1];
        c = low_times(pair, weight, c);
        d = high_times(pair, weight, d);
        pair = p[2];
        e = low_times(pair, weight, e);
        f = high_times(pair, weight, f);
        pair = p[3];
        g = low_times(pair, weight, g);
        h = high_times(pair, weight, h);
    }
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
    sums[4] = e;
    sums[5] = f;
    sums[6] = g;
    sums[7] = h;
}

void tk_convolve_1x1_sparse_s8(const int8_t *restrict x, int8_t *restrict y, const tk_convolve_1x1_sparse *restrict p,
                               uint32_t *restrict planes)
{
    int32_t sums[TK_SPARSE_PIXELS];

    for (int32_t first = 0; first < p->pixels; first += TK_SPARSE_PIXELS) {
        const int32_t there = p->pixels - first < TK_SPARSE_PIXELS ? p->pixels - first : TK_SPARSE_PIXELS;
        const int8_t *entries = p->entries;

        lay(x + first * p->inputs, there, p->inputs, planes);
        for (int32_t o = 0; o < p->outputs; ++o) {
            const int32_t multiplier = tk_requant_multiplier(&p->requant, o);
            const int32_t shift = tk_requant_shift(&p->requant, o);

            const int8_t *const end = entries + 2 * (int32_t)p->counts[o];

            sums_of(planes, entries, end, tk_requant_bias(&p->requant, o), sums);
            entries = end;
            for (int32_t i = 0; i < there; ++i) {
                y[(first + i) * p->outputs + o] = tk_requant_code(sums[i], multiplier, shift, &p->clamp);
            }
        }
    }
}
