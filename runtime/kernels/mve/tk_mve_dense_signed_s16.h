/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DENSE_SIGNED_S16_H
#define TK_MVE_DENSE_SIGNED_S16_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of int8 inputs times a matrix of int8 weights, results of 16 bits: half of a gate of an LSTM, the newest results of SVDF.
 *
 *     acc  = (b[c] + sum of x * w) * 2^left[c]
 *     y[c] = ((acc * m[c] + 2^30) >> 31) / 2^e[c] rounded to nearest, halves away from zero, saturated
 *
 * Layout: x [depth], y [channels]; of layer, weights, depth and channels alone are used. weights: as of tk_mve_dense_signed_s8, but
 * the constants of a tile are b0 .. b3  left0 .. left3  m0 .. m3  -e0 .. -e3. 0 <= e <= 31, 0 <= left <= 31, 0 <= m.
 * Ranges: sums modulo 2^32. Aliasing: none. Scratch: none; 112 bytes of stack.
 * Exact: equals TensorFlow Lite Micro's reference kernels. */
void tk_mve_dense_signed_s16(const int8_t *x, int16_t *y, const tk_mve_gemm *layer);

#ifdef __cplusplus
}
#endif

#endif
