/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FFT_ODD_F32_H
#define TK_FFT_ODD_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One stage of an FFT, of radix 3 or 5, after which blocks of radix * m points are done. In place. The formula is
 * that of tk_fft_f32; `inverse` says that the parts of the points are swapped, and has products rounded as those of
 * the inverse.
 * Not scaled.
 * Layout: y as for tk_fft_f32; twiddles [n]: exp(-2 pi i k / n).
 * Ranges: radix * m divides n. Aliasing: none. Scratch: none.
 * Rounding: as kiss_fft's, which TensorFlow Lite Micro uses, unless the compiler contracts a * b + c. */
void tk_fft_odd_f32(float *y, const float *twiddles, const tk_fft_shape *shape, int32_t radix);

#ifdef __cplusplus
}
#endif

#endif
