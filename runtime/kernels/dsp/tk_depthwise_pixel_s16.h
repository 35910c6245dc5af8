/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_PIXEL_S16_H
#define TK_DEPTHWISE_PIXEL_S16_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: of four channels after four
 *
 *     where their sums begin, four words;
 *     a word for each tap: bytes 0, 2, 1, 3 are the weights of the channels in their order;
 *     their multipliers, four words.
 *
 * The last four of them are the last four channels. floor: -1 where negative results become 0, else 0. taps >= 1; channels >= 4. */
typedef struct {
    const uint32_t *weights;
    int32_t taps;
    int32_t channels;
    int32_t floor;
} tk_depthwise_pixel_s16_params;

/* A pixel of a depthwise convolution of int16 with int8 weights: for each channel c, with the start s and the multiplier m of its
 * own,
 *
 *     y[c] = SAT16(((s + sum over the taps t of x[t][c] * w) * m + 2^31) >> 32), cut at 0 if floor is -1
 *
 * Layout: x [taps], pointers to pixels of `channels`; y [channels].
 * Ranges: all sums fit into 32 bits. Aliasing: none. Scratch: none. Exact: integer arithmetic. */
void tk_depthwise_pixel_s16(const int16_t *const *x, int16_t *y, const tk_depthwise_pixel_s16_params *pixel);

#ifdef __cplusplus
}
#endif

#endif
