/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FFT_ODD_S32_H
#define TK_FFT_ODD_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One stage of an FFT, of radix 3 or 5, after which blocks of radix * m points are done. In place. The formula is
 * that of tk_fft_s32; `inverse` says that the parts of the points are swapped, and has products rounded as those of
 * the inverse.
 * Divides by the radix first; what exceeds int32 wraps around.
 * Layout: y as for tk_fft_s32; twiddles [n]: exp(-2 pi i k / n).
 * Ranges: radix * m divides n. Aliasing: none. Scratch: none.
 * Exact: equals kiss_fft, which TensorFlow Lite Micro uses. */
void tk_fft_odd_s32(int32_t *y, const int32_t *twiddles, const tk_fft_shape *shape, int32_t radix);

#ifdef __cplusplus
}
#endif

#endif
