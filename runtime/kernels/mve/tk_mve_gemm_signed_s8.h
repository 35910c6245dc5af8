/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_GEMM_SIGNED_S8_H
#define TK_MVE_GEMM_SIGNED_S8_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A convolution's pixels, int8, requantized in two roundings: for results of any sign.
 *
 *     acc         = b[o] + sum over i of x[p * step + i] * w[o][i]
 *     h           = (acc * m[o] + 2^30) >> 31
 *     y[p][o]     = clamp(h / 2^e[o] rounded to nearest, halves away from zero, + offset, min, max)
 *
 * for pixels >= 1; 1 <= e <= 31, 0 <= m. Layout: tk_mve_gemm.h. Only the windows are read, only the results written.
 * Ranges: acc within int32. Aliasing: none. Scratch: none; 204 bytes of stack.
 * Exact: equals TensorFlow Lite Micro's reference kernel; b holds the bias and the input's zero point. */
void tk_mve_gemm_signed_s8(const int8_t *x, int8_t *y, int32_t pixels, const tk_mve_gemm *layer);

#ifdef __cplusplus
}
#endif

#endif
