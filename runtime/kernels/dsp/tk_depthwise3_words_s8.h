/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_WORDS_S8_H
#define TK_DEPTHWISE3_WORDS_S8_H

#include "tk_depthwise3.h"

#define TK_DEPTHWISE3_TAPS 9

#ifdef __cplusplus
extern "C" {
#endif

/* Constants of four channels as tk_requant has them mostly: words, and biases of 16 bits. right: the layer's shift, negated.
 * addend: (output_offset << TK_DEPTHWISE_FINE) + 2^9. */
typedef struct {
    const uint32_t *words;
    const int16_t *low;
    int32_t right;
    int32_t zero_point;
    uint32_t addend;
} tk_depthwise3_source;

/* The words of a line of the kernel, and its sum. */
static inline int32_t tk_depthwise3_line(const int8_t *t, uint32_t k, uint32_t *w)
{
    const int32_t a = t[0];
    const int32_t b = t[1];
    const int32_t c = t[2];
    const uint32_t middle = (uint32_t)b << k;

    w[0] = ((uint32_t)a << k & 0xffffu) | middle << 16;
    w[1] = (middle & 0xffffu) | (uint32_t)c << k << 16;
    return a + b + c;
}

/* The words of a channel (tk_depthwise3_nominal_dsp_s8.h). */
static inline void tk_depthwise3_channel(const int8_t *taps, int32_t multiplier, uint32_t right, int32_t bias, int32_t zero_point,
                                         uint32_t addend, uint32_t *w)
{
    const uint32_t k = TK_DEPTHWISE_FINE + 1u - right;
    const int32_t total =
        tk_depthwise3_line(taps, k, w) + tk_depthwise3_line(taps + 3, k, w + 2) + tk_depthwise3_line(taps + 6, k, w + 4);

    w[6] = (uint32_t)(bias - zero_point * total) << k;
    w[7] = (uint32_t)multiplier;
    w[8] = addend + (512u >> right);
}

/* What tk_depthwise3_fine_* read of four channels. taps: TK_DEPTHWISE3_TAPS bytes each, need not be aligned.
 * w: 4 * TK_DEPTHWISE3_WORDS. Aliasing: none. */
void tk_depthwise3_words_s8(const int8_t *taps, uint32_t *w, const tk_depthwise3_source *source);

#ifdef __cplusplus
}
#endif

#endif
