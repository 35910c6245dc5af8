/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_DSP_S16_H
#define TK_CONV_DSP_S16_H

#include "tk_windows_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D and FULLY_CONNECTED of int16 with int8 weights: windows of two pixels at a time times two channels (tk_products2_s16), or
 * of one (tk_products1_s16), gathered where they are no whole pixels in fours.
 *
 * Layout: x and y NHWC; patches [layer->at_once][layer->depth], not read where windows are in place. Of layer->shape, `groups` is not read.
 * Aliasing: none. Scratch: patches. Exact: equals TensorFlow Lite Micro's reference kernel where bias and products of every
 * channel stay below 2^31, which the compiler proves, and its multiplier, rounded to 16 bits, times a power of two is one of 32
 * bits for the high word. */
void tk_conv_dsp_s16(const int16_t *x, int16_t *y, const tk_windows_s16 *layer, int16_t *patches);

#ifdef __cplusplus
}
#endif

#endif
