/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_PIXELS_DSP_S8_H
#define TK_DEPTHWISE_PIXELS_DSP_S8_H

#include "tk_depthwise_pixel.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows and columns of images of `pixel.channels`. kernel_h * kernel_w is pixel.taps, or one less. */
typedef struct {
    tk_depthwise_pixel pixel;
    int32_t zero_point;
    int32_t batch;
    int32_t in_h;
    int32_t in_w;
    int32_t out_h;
    int32_t out_w;
    int32_t kernel_h;
    int32_t kernel_w;
    int32_t stride_h;
    int32_t stride_w;
    int32_t dilation_h;
    int32_t dilation_w;
    int32_t pad_h;
    int32_t pad_w;
} tk_depthwise_pixels;

/* DEPTHWISE_CONV_2D of int8 with a depth multiplier of 1, pixel by pixel (tk_depthwise_pixel_s8): pointers to the taps of a pixel, to
 * `padding` where they lie outside.
 *
 * Layout: x [batch, in_h, in_w, channels], y [batch, out_h, out_w, channels]; padding [channels], overwritten.
 * Aliasing: none. Scratch: padding. Exact: the compiler proves that the formula gives the codes of TFLM's. */
void tk_depthwise_pixels_dsp_s8(const int8_t *x, int8_t *y, const tk_depthwise_pixels *layer, int8_t *padding);

#ifdef __cplusplus
}
#endif

#endif
