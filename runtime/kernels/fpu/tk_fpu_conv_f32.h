/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FPU_CONV_F32_H
#define TK_FPU_CONV_F32_H

#include "tk_gemm_f32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, float32: windows are gathered, 1 at a time, and multiplied by tk_fpu_gemm_f32, with its step the window's floats.
 *
 * Layout: x and y NHWC. windows: 1 * gemm.depth floats, overwritten. Aliasing: none. Scratch: windows. */
void tk_fpu_conv_f32(const float *x, float *y, float *windows, const tk_conv_windows_f32 *layer);

/* A row of it. rows: slide.rows pointers to input rows, slide.padding for those outside. */
void tk_fpu_conv_row_f32(const float *const *rows, float *y, float *windows, const tk_conv_windows_f32 *layer);

#ifdef __cplusplus
}
#endif

#endif
