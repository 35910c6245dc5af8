/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FPU_DEPTHWISE_F32_H
#define TK_FPU_DEPTHWISE_F32_H

#include "tk_gemm_f32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, float32, an output for each input channel, up to TK_F32_MAX_TAPS taps: tk_fpu_taps_f32 for every pixel.
 *
 * Layout: x and y NHWC. Aliasing: none. Scratch: none. */
void tk_fpu_depthwise_f32(const float *x, float *y, const tk_depthwise_taps_f32 *layer);

/* A row of it. rows: slide.rows pointers to input rows, slide.padding for those outside. */
void tk_fpu_depthwise_row_f32(const float *const *rows, float *y, const tk_depthwise_taps_f32 *layer);

#ifdef __cplusplus
}
#endif

#endif
