/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FFT_COLUMNS_F32_H
#define TK_FFT_COLUMNS_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The FFT of every column of complex images, in place: with W = exp(-2 pi i / height),
 *     y[u][c] = sum over r below height of W^(u * r) * y[r][c].
 * Whole rows are exchanged and combined, by stages of radix 2.
 * Layout: y [images, height, width], each real part, imaginary part; twiddles [height / 2]: W^k, likewise.
 * Ranges: height is a power of two, at least 2. Aliasing: none. Scratch: none. */
void tk_fft_columns_f32(float *y, const float *twiddles, int32_t images, int32_t height, int32_t width);

#ifdef __cplusplus
}
#endif

#endif
