/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_irfft_swap_s32.h"

#define TK_FFT_BITS 32
#include "tk_rfft_body.h"

void tk_irfft_swap_s32(int32_t *y, const tk_fft_shape *shape)
{
    tk_irfft_swap(y, shape);
}
