/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RFFT_SPLIT_S32_H
#define TK_RFFT_SPLIT_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The spectrum of 2 n real elements out of the FFT of their n pairs. In place, with one point more: with a = y[k], b
 * = the conjugate of y[n - k] and y[n] = y[0],
 *     y[k] = (a + b + twiddles[k - 1] * (a - b)) / 2, y[n - k] = the conjugate of (a + b - twiddles[k - 1] * (a -
 *     b)) / 2
 * for k from 1 to n / 2; y[0] = re(y[0]) + im(y[0]), y[n] = re(y[0]) - im(y[0]). a and b are divided by 2 first.
 * Layout: y [frames], `stride` apart, of n + 1 points; twiddles [n / 2]: -i exp(-pi i k / n) for k from 1.
 * Aliasing: none. Scratch: none.
 * Exact: equals kiss_fft, which TensorFlow Lite Micro uses. */
void tk_rfft_split_s32(int32_t *y, const int32_t *twiddles, const tk_fft_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
