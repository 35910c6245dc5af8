/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix product behind convolutions and matrix layers on Helium: what its functions share. */
#ifndef TK_MVE_GEMM_H
#define TK_MVE_GEMM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the functions of this folder come from NAME.S; else NAME.c has a C twin of each, with the same results. */
#if defined(__ARM_FEATURE_MVE) && defined(__GNUC__)
#define TK_MVE_ASSEMBLY 1
#else
#define TK_MVE_ASSEMBLY 0
#endif

/* A layer. Pixel p of x is a window of `depth` consecutive elements at p * step; its `channels` results lie at p * pitch in y.
 *
 * weights: a stream, aligned to 4 bytes, read from front to back for every pair of pixels. With s = ceil(depth / 16):
 *     per octet of channels (the last one filled up with zeros): two tiles, t = 0, 1, of four channels, 8 * octet + 2 * lane + t
 *         s blocks of 16 weights for each of four lanes: first those of the window's last depth - 16 * (s - 1) bytes, filled up
 *         with zeros, then those of bytes 0..15, 16..31 and so on
 *         constants, 32 bits each, little endian:
 *             tk_mve_gemm_s8         m0 c0 m2 c2  c1 m1 c3 m3, where a number says the lane
 *             tk_mve_gemm_signed_s8  b0 b1 b2 b3  m0 m1 m2 m3  -e0 -e1 -e2 -e3
 *     tk_mve_gemm_s16 the same with steps of 8 inputs, s = ceil(depth / 8), blocks of 8 weights, and b0 b1 b2 b3  m0 m1 m2 m3
 * shift, unit: of tk_mve_gemm_s8; 0..8, 1..2^30.  offset, min, max: of tk_mve_gemm_signed_s8; offset -128..127,
 * -128 <= min <= max <= 127.  min, max: of tk_mve_gemm_s16; -32768 <= min <= max <= 32767.
 * row_step, row_pitch: if row_step is not 0, every pixel goes together with the one at row_step in x and row_pitch in y: two rows
 * of pixels at once, without a loss where their number is odd.
 * 1 <= depth < 2^16, 1 <= channels, 0 <= step. */
typedef struct {
    const int8_t *weights;
    int32_t depth;
    int32_t step;
    int32_t channels;
    int32_t pitch;
    int32_t shift;
    int32_t unit;
    int32_t offset;
    int32_t min;
    int32_t max;
    int32_t row_step;
    int32_t row_pitch;
} tk_mve_gemm;

#ifdef __cplusplus
}
#endif

#endif
