/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_irfft_load_s32.h"

#define TK_FFT_BITS 32
#include "tk_rfft_body.h"

void tk_irfft_load_s32(const int32_t *x, int32_t *y, const int16_t *positions, const int32_t *twiddles,
                       int32_t length, const tk_fft_shape *shape)
{
    tk_irfft_load(x, y, positions, twiddles, length, shape);
}
