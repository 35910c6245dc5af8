/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fft_odd_s16.h"

#define TK_FFT_BITS 16
#include "tk_fft_odd_stage.h"

void tk_fft_odd_s16(int16_t *y, const int16_t *twiddles, const tk_fft_shape *shape, int32_t radix)
{
    tk_fft_odd_frames(y, twiddles, shape, radix);
}
