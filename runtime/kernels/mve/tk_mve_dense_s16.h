/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DENSE_S16_H
#define TK_MVE_DENSE_S16_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of int16 inputs times a matrix of int8 weights.
 *
 *     acc  = b[c] + sum of x * w
 *     y[c] = clamp((acc * m[c] + 2^31) >> 32, min, max)
 *
 * for 0 <= m; -32768 <= min <= max <= 32767, and saturation to 16 bits before the clamp.
 * Layout: x [depth], y [channels]; of layer, weights, depth, channels, min and max are used. weights: per octet of channels (the last
 * one filled up with zeros), with s = ceil(depth / 8), s blocks of 8 weights for each channel: first those of the last
 * depth - 8 * (s - 1) inputs, filled up with zeros, then those of inputs 0..7, 8..15 and so on; then constants, 32 bits each, little
 * endian: b0 b2 b4 b6  m0 m2 m4 m6  b1 b3 b5 b7  m1 m3 m5 m7.
 * Ranges: b, the sums of products, and both together within int32. Aliasing: none. Scratch: none; 112 bytes of stack.
 * Exact: as tk_mve_gemm_s16. */
void tk_mve_dense_s16(const int16_t *x, int16_t *y, const tk_mve_gemm *layer);

#ifdef __cplusplus
}
#endif

#endif
