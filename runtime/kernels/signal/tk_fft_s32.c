/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fft_s32.h"

#define TK_FFT_BITS 32
#include "tk_fft_stages.h"

void tk_fft_s32(int32_t *y, const int32_t *twiddles, const tk_fft_shape *shape)
{
    tk_fft_frames(y, twiddles, shape);
}
