/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FPU_TAPS_F32_H
#define TK_FPU_TAPS_F32_H

#include "tk_gemm_f32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A pixel of a depthwise convolution, float32: `taps` pointers to the inputs that it sees, all channels of each.
 *
 *     y[c] = clamp(sum over i < taps of x[i][c] * w[i][c] + bias[c], min, max), NaN left alone
 *
 * Rounding: products and sums are each rounded: equal to tk_depthwise_conv_f32. Aliasing: none. Scratch: none; 104 bytes of stack at most. */
void tk_fpu_taps_f32(const float *const *x, float *y, const tk_taps_f32 *layer);

#ifdef __cplusplus
}
#endif

#endif
