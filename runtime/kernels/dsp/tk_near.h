/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions and depthwise convolutions that read the image where it is and want next to no scratch: what their kernels share.
 * Internal.
 *
 * tk_conv_near_s8: bytes of two windows are widened in registers. weights: for every two channels c and d
 *     a word each for c and d, where their sums begin
 *     words of bytes {c[k], d[k], c[k + 2], d[k + 2]}, k = 0, 1, 4, 5, ..., of each segment
 *     then for c and d each {multiplier, addend, below, shift}
 *
 * tk_depthwise_near_s8: four channels of a pixel at a time, each tap less the zero point, so that taps in the padding are left out.
 * weights: for every four channels
 *     for each tap two words of two weights, of the channels 0 and 2, and of 1 and 3, times 256, the former in the low half
 *     four words where the sums begin
 *     then for each channel {multiplier, addend, below, shift}
 *
 * y = SAT8((((v * multiplier) >> 32) + addend + (v < 0 ? below : 0)) >> shift), v = 256 * (start + sum of x * w); of depthwise
 * ones start is 256 times that of the channel. */
#ifndef TK_NEAR_H
#define TK_NEAR_H

#include "tk_dsp.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* A window is `segments` segments of `bytes` bytes each, a multiple of 4, in every row_step-th row; two windows are `apart` bytes
 * from each other, and their results `pitch`. channels: of the result, even. */
typedef struct {
    const uint32_t *weights;
    int32_t segments;
    int32_t row_step;
    int32_t bytes;
    int32_t apart;
    int32_t channels;
    int32_t pitch;
} tk_near;

/* Taps inside the image: rows, columns >= 1. pitch: bytes from a tap to the next in a row. row: from a row of taps to the next.
 * skip: bytes of weights from the last tap of a row to the first of the next. first: of weights before the first tap.
 * starts: before the sums' starts. four: of four channels in all. fours: how many of these. negative: the zero point times -1, in
 * both halves. */
typedef struct {
    int32_t rows;
    int32_t columns;
    int32_t pitch;
    int32_t row;
    int32_t skip;
    int32_t first;
    int32_t starts;
    int32_t four;
    int32_t fours;
    uint32_t negative;
} tk_depthwise_near;

/* q: {multiplier, addend, below, shift}. */
static inline int8_t tk_near_code(uint32_t v, const uint32_t *q)
{
    const uint32_t below = (int32_t)v < 0 ? q[2] : 0;

    return tk_ssat8(tk_smmla((int32_t)v, (int32_t)q[0], (int32_t)(q[1] + below)) >> q[3]);
}

#ifdef __cplusplus
}
#endif

#endif

#endif
