/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_TAPS_S16_H
#define TK_MVE_TAPS_S16_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights, aligned to 4 bytes: of 16 channels after 16, then of 8 after 8 what is left (the last ones filled up with zeros):
 *
 *     b, 32 bits each, little endian: of each eight channels those of channels 0 2 4 6, then those of 1 3 5 7;
 *     of each tap the weights of the 16 or 8 channels, a byte each;
 *     m, as b.
 *
 * step: elements from a pixel's inputs to those of the next. */
typedef struct {
    const int8_t *weights;
    int32_t taps;
    int32_t channels;
    int32_t step;
    int32_t min;
    int32_t max;
} tk_mve_pixels;

/* Pixels of a depthwise convolution, int16 with int8 weights, any kernel: `taps` pointers to the inputs that the first pixel sees.
 *
 *     acc     = b[c] + sum over i < taps of x[i][p * step + c] * w[i][c]
 *     y[p][c] = clamp((acc * m[c] + 2^31) >> 32, min, max)
 *
 * for 1 <= pixels, 0 <= m; -32768 <= min <= max <= 32767, and saturation to 16 bits before the clamp.
 * Layout: y [pixels][channels]; x and y aligned to 2 bytes. Ranges: b, the sums of products, and both together within int32.
 * Aliasing: none. Scratch: none; 96 bytes of stack. Exact: as tk_mve_gemm_s16. */
void tk_mve_taps_s16(const int16_t *const *x, int16_t *y, int32_t pixels, const tk_mve_pixels *layer);

#ifdef __cplusplus
}
#endif

#endif
