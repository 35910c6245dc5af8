/* SPDX-License-Identifier: Apache-2.0 */
/* A depthwise convolution pixel by pixel: what tk_depthwise_pixel_s8 and tk_depthwise_pixels_dsp_s8 share. */
#ifndef TK_DEPTHWISE_PIXEL_H
#define TK_DEPTHWISE_PIXEL_H

#include "tk_dsp.h"

/* Taps of a kernel, rounded up to an even number. */
#define TK_DEPTHWISE_PIXEL_TAPS 64

#ifdef __cplusplus
extern "C" {
#endif

/* weights: for every four channels, the last four of them the last channels
 *     four words, where the channels' sums begin
 *     for every two taps four words, of each channel 256 * its two weights, as halfwords; where a tap is missing, 0
 *     for each channel {multiplier, addend, below, shift}
 * taps: an even number. channels: at least 4.
 * y = SAT8((((v * multiplier) >> 32) + addend + (v < 0 ? below : 0)) >> shift), v = start + 256 * (sum of x * w). */
typedef struct {
    const uint32_t *weights;
    int32_t taps;
    int32_t channels;
} tk_depthwise_pixel;

#ifdef __cplusplus
}
#endif

#endif
