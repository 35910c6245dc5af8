/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FPU_GEMM_F32_H
#define TK_FPU_GEMM_F32_H

#include "tk_gemm_f32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `pixels` windows times a matrix, float32: y = clamp(sum of x * w from the first to the last + bias, min, max), NaN left alone.
 *
 * Rounding: products and sums are each rounded: equal to tk_conv_f32. Aliasing: none. Scratch: none; 104 bytes of stack. */
void tk_fpu_gemm_f32(const float *x, float *y, int32_t pixels, const tk_gemm_f32 *layer);

#ifdef __cplusplus
}
#endif

#endif
