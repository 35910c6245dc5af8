/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_GEMM_S8_H
#define TK_MVE_GEMM_S8_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A convolution's pixels, int8, with the requantization folded into one linear form.
 *
 *     acc         = sum over i of x[p * step + i] * w[o][i]
 *     h           = (acc * m[o] + unit * c[o] + 2^30) >> 31
 *     y[p][o]     = clamp(shift == 0 ? h : (h + 2^(shift - 1)) >> shift, -128, 127)
 *
 * for pixels >= 1. Layout: tk_mve_gemm.h. Only the windows are read, only the results written.
 * Ranges: acc within int32, h too. Aliasing: none. Scratch: none; 204 bytes of stack.
 * Exact: where m and c have the steps of TensorFlow Lite Micro's double rounding (tinycc/numerics/staircase.py). */
void tk_mve_gemm_s8(const int8_t *x, int8_t *y, int32_t pixels, const tk_mve_gemm *layer);

#ifdef __cplusplus
}
#endif

#endif
