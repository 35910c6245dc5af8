/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_DSP_S16_H
#define TK_DEPTHWISE_DSP_S16_H

#include "tk_depthwise_pixel_s16.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Taps of a kernel at most. */
#define TK_DEPTHWISE_TAPS_S16 64

/* shape.k_h * shape.k_w is pixel.taps, 1..TK_DEPTHWISE_TAPS_S16; shape.in_c and shape.out_c are pixel.channels. */
typedef struct {
    tk_depthwise_pixel_s16_params pixel;
    tk_conv_shape shape;
} tk_depthwise_s16;

/* DEPTHWISE_CONV_2D of int16 with int8 weights and a depth multiplier of 1, pixel by pixel (tk_depthwise_pixel_s16): pointers to
 * the taps of a pixel, to zeros where they lie outside.
 *
 * Layout: x and y NHWC; zeros [channels], overwritten. Of layer->shape, `groups` is not read.
 * Aliasing: none. Scratch: zeros. Exact: equals TensorFlow Lite Micro's reference kernel where bias and products of every channel
 * stay below 2^31, which the compiler proves, and its multiplier, rounded to 16 bits, times a power of two is one of 32 bits for the
 * high word. */
void tk_depthwise_dsp_s16(const int16_t *x, int16_t *y, const tk_depthwise_s16 *layer, int16_t *zeros);

#ifdef __cplusplus
}
#endif

#endif
