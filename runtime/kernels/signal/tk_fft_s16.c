/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fft_s16.h"

#define TK_FFT_BITS 16
#include "tk_fft_stages.h"

void tk_fft_s16(int16_t *y, const int16_t *twiddles, const tk_fft_shape *shape)
{
    tk_fft_frames(y, twiddles, shape);
}
