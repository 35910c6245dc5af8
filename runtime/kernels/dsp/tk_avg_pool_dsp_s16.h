/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AVG_POOL_DSP_S16_H
#define TK_AVG_POOL_DSP_S16_H

#include "tk_pool_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* AVERAGE_POOL_2D of int16, four channels at a time, the last four once more where their number is no multiple of four.
 *
 *     y = clamp(sum / n, min, max) over the n inputs that the window covers, ties away from zero
 *
 * Layout: x [batch, in_h, in_w, channels], y [batch, out_h, out_w, channels]. -32768 <= layer->min <= layer->max <= 32767;
 * channels >= 1. Ranges: no window is empty, and none covers more than 255 pixels. Aliasing: none. Scratch: none. Exact: equals
 * TensorFlow Lite Micro's reference kernel. */
void tk_avg_pool_dsp_s16(const int16_t *x, int16_t *y, const tk_pool_layer *layer);

#ifdef __cplusplus
}
#endif

#endif
