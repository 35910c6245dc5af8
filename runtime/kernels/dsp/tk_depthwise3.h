/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise 3x3 through planes: what its kernels share. Internal.
 *
 * The pixels of four channels are laid out as four planes of halfwords, one a channel, in which neighbours stand in one word, so
 * that one multiply-accumulate does two taps. A plane has TK_LINES lines of TK_LINE words (a line is the image's row or, where
 * those are longer, its column); wider and higher images are done in strips.
 *
 * weights, for every channel: for each line of the kernel the words (w0, w1) and (w1, w2), all of them times 2^k;
 * then start, multiplier, addend: y = SAT8((((v * multiplier) >> 32) + addend) >> TK_DEPTHWISE_SHIFT) with
 * v = start + 2^k * (sum of x * w). */
#ifndef TK_DEPTHWISE3_H
#define TK_DEPTHWISE3_H

#include "tk_dsp.h"

#define TK_LINE 16
#define TK_LINES 10
#define TK_PLANE 160
#define TK_DEPTHWISE_SHIFT 8

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* Results of one channel: `columns` of each of `lines`; pixel, line: bytes from one to the next. */
typedef struct {
    int32_t columns;
    int32_t lines;
    int32_t pixel;
    int32_t line;
} tk_depthwise3_shape;

static inline int8_t tk_depthwise3_code(const uint32_t *plane, const uint32_t *w, int32_t first)
{
    uint32_t v = w[6];

    for (int32_t a = 0; a < 3; ++a) {
        const int32_t taps[3] = {tk_low(w[2 * a]), tk_high(w[2 * a]), tk_high(w[2 * a + 1])};

        for (int32_t b = 0; b < 3; ++b) {
            const uint32_t pair = plane[a * TK_LINE + (first + b) / 2];

            v += (uint32_t)(((first + b) % 2 != 0 ? tk_high(pair) : tk_low(pair)) * taps[b]);
        }
    }
    return tk_ssat8(tk_smmla((int32_t)v, (int32_t)w[7], (int32_t)w[8]) >> TK_DEPTHWISE_SHIFT);
}

#ifdef __cplusplus
}
#endif

#endif

#endif
