/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_IRFFT_LOAD_S16_H
#define TK_IRFFT_LOAD_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A spectrum of n + 1 points as n points whose inverse FFT is the pairs of 2 n real elements. All parts are swapped,
 * so that an FFT does what the inverse would do to them as they are. With a = x[k], b = the conjugate of x[n - k] and
 * T the conjugate of twiddles[k - 1],
 *     y[positions[k]] = swapped (a + b + T * (a - b)) and y[positions[n - k]] = swapped conjugate of (a + b - T *
 *     (a - b))
 * for k from 1 to n / 2; y[0] = (re(x[0]) - re(x[n]), re(x[0]) + re(x[n])). All are divided by 2 first (the last
 * after its sum); what exceeds int16 wraps around.
 * Layout: x [frames, length]; y [frames], `stride` apart, of n points; positions [n]: where the stages want each
 * point; twiddles [n / 2]: -i exp(-pi i k / n) for k from 1.
 * Ranges: length >= 2 n + 2. Aliasing: none. Scratch: none.
 * Exact: equals kiss_fft, which TensorFlow Lite Micro uses. */
void tk_irfft_load_s16(const int16_t *x, int16_t *y, const int16_t *positions, const int16_t *twiddles,
                       int32_t length, const tk_fft_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
