/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_GEMM_S16_H
#define TK_MVE_GEMM_S16_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A convolution's pixels, int16 with int8 weights.
 *
 *     acc     = b[o] + sum over i of x[p * step + i] * w[o][i]
 *     y[p][o] = clamp((acc * m[o] + 2^31) >> 32, min, max)
 *
 * for pixels >= 1; 0 <= m; -32768 <= min <= max <= 32767 and saturation to 16 bits before the clamp.
 * Layout: tk_mve_gemm.h, in elements. Only the windows are read, only the results written; x and y aligned to 2 bytes.
 * Ranges: b, the sums of products, and both together within int32. Aliasing: none. Scratch: none; 204 bytes of stack.
 * Exact: equals TensorFlow Lite Micro's reference kernel, which has sums of 64 bits and the upper 16 bits of multipliers, where
 * sums are proved to have 32 bits and that multiplier times a power of two is m. */
void tk_mve_gemm_s16(const int16_t *x, int16_t *y, int32_t pixels, const tk_mve_gemm *layer);

#ifdef __cplusplus
}
#endif

#endif
