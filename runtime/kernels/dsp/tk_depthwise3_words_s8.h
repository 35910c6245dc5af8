/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_WORDS_S8_H
#define TK_DEPTHWISE3_WORDS_S8_H

#include "tk_depthwise3.h"
#include "tk_requant.h"

#define TK_DEPTHWISE3_TAPS 9

#ifdef __cplusplus
extern "C" {
#endif

/* What words are made of, beside the taps. zero_point: of the input. addend: (output_offset << TK_DEPTHWISE_FINE) + 2^9. */
typedef struct {
    tk_requant requant;
    int32_t zero_point;
    uint32_t addend;
} tk_depthwise3_codes;

/* The words of a channel (tk_depthwise3_nominal_dsp_s8.h). */
static inline void tk_depthwise3_channel(const int8_t *taps, int32_t multiplier, uint32_t right, int32_t bias, int32_t zero_point,
                                         uint32_t addend, uint32_t *w)
{
    static const uint8_t places[TK_DEPTHWISE3_TAPS] = {0, 2, 6, 1, 3, 7, 4, 5, 8};
    const uint32_t k = TK_DEPTHWISE_FINE + 1u - right;
    int32_t total = 0;

    for (int32_t line = 0; line < 3; ++line) {
        const int32_t a = taps[places[3 * line]];
        const int32_t b = taps[places[3 * line + 1]];
        const int32_t c = taps[places[3 * line + 2]];
        const uint32_t middle = (uint32_t)b << k;

        w[2 * line] = ((uint32_t)a << k & 0xffffu) | middle << 16;
        w[2 * line + 1] = (middle & 0xffffu) | (uint32_t)c << k << 16;
        total += a + b + c;
    }
    w[6] = (uint32_t)(bias - zero_point * total) << k;
    w[7] = (uint32_t)multiplier;
    w[8] = addend + (512u >> right);
}

/* What tk_depthwise3_fine_* read of channels first .. first + 3, whose requant has multiplier and shift in words, and biases of 16
 * bits. taps: TK_DEPTHWISE3_TAPS bytes each, in the order 0, 3, 1, 4, 6, 7, 2, 5, 8 of
 * places line after line; need not be aligned. w: 4 * TK_DEPTHWISE3_WORDS. Aliasing: none. */
void tk_depthwise3_words_s8(const int8_t *taps, uint32_t *w, const tk_depthwise3_codes *codes, int32_t first);

#ifdef __cplusplus
}
#endif

#endif
