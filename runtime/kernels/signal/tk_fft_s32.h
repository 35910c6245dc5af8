/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FFT_S32_H
#define TK_FFT_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The stages of an FFT that remain when blocks of m points are done: of radix 2 if n / m is an odd power of two, then
 * of radix 4 up to n points. In place.
 * With W = exp(-2 pi i / n), a stage of radix p makes of p neighbouring blocks x of m points
 *     y[k + j * m] = sum over q from 0 to p - 1 of W^(q * (k + j * m) * n / (p * m)) * x[q][k].
 * Each stage divides by its radix first, so the result is that of the transform / (n / m); what exceeds int32 wraps
 * around.
 * Layout: y [frames], `stride` apart, of n points, each real part, imaginary part; twiddles: for every stage in turn,
 * for k from 1 to m - 1 and q from 1 to p - 1, W^(q * k * n / (p * m)).
 * Ranges: n / m is a power of two; `inverse` is not looked at. Aliasing: none. Scratch: none.
 * Exact: equals kiss_fft, which TensorFlow Lite Micro uses. */
void tk_fft_s32(int32_t *y, const int32_t *twiddles, const tk_fft_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
