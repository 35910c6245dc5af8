/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of products of int16 inputs and int8 weights, two channels at a time. Internal. */
#ifndef TK_PRODUCTS_S16_H
#define TK_PRODUCTS_S16_H

#include "tk_dsp.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* weights: of one pair of channels after the other
 *
 *     where their sums begin, two words;
 *     of two inputs after two a word: bytes 0 and 2 are the weights of the first channel, 1 and 3 those of the second;
 *     the multipliers of both, two words, for the functions that make codes.
 *
 * fours: inputs / 4. pairs: of channels. back: how many channels the last pair lies before where it would be, 1 where their number
 * is odd. floor: -1 where negative results become 0, else 0. pitch: elements from the results of a pixel to those of the next. */
typedef struct {
    const uint32_t *weights;
    int32_t fours;
    int32_t pairs;
    int32_t back;
    int32_t floor;
    int32_t pitch;
} tk_products_s16;

/* What a sum becomes: saturated to 16 bits, and cut at 0 if asked for. */
static inline int16_t tk_products_code(uint32_t sum, uint32_t multiplier, int32_t floor)
{
    const int64_t product = (int64_t)(int32_t)sum * (int32_t)multiplier;
    const int32_t code = (int32_t)((product + ((int64_t)1 << 31)) >> 32);
    const int32_t low = floor != 0 ? 0 : INT16_MIN;

    return (int16_t)(code < low ? low : code > INT16_MAX ? INT16_MAX : code);
}

/* The sum of channel 0 or 1 of a pair. w: the words of its weights. */
static inline uint32_t tk_products_sum(const int16_t *x, const uint32_t *w, int32_t fours, int32_t channel, uint32_t start)
{
    for (int32_t i = 0; i < 2 * fours; ++i) {
        start += (uint32_t)((int32_t)x[2 * i] * tk_byte(w[i], channel));
        start += (uint32_t)((int32_t)x[2 * i + 1] * tk_byte(w[i], channel + 2));
    }
    return start;
}

#ifdef __cplusplus
}
#endif

#elif TK_DSP_ASM

/* tk_products_code of a sum, in place; t is lost. */
.macro code v, multiplier, floor, t
    smmulr  \v, \v, \multiplier
    ssat    \v, #16, \v
    and     \t, \floor, \v, asr #31
    bic     \v, \v, \t
.endm

#endif

#endif
