/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_TAPS_F32_H
#define TK_MVE_TAPS_F32_H

#include "tk_gemm_f32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A pixel of a depthwise convolution, float32: `taps` pointers to the inputs that it sees, all channels of each.
 *
 *     y[c] = clamp(sum over i < taps of x[i][c] * w[i][c] + bias[c], min, max), NaN left alone
 *
 * Rounding: products and sums are rounded once (fused). Aliasing: none. Scratch: none; 128 bytes of stack at most. */
void tk_mve_taps_f32(const float *const *x, float *y, const tk_taps_f32 *layer);

#ifdef __cplusplus
}
#endif

#endif
