/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rfft_split_s32.h"

#define TK_FFT_BITS 32
#include "tk_rfft_body.h"

void tk_rfft_split_s32(int32_t *y, const int32_t *twiddles, const tk_fft_shape *shape)
{
    tk_rfft_split(y, twiddles, shape);
}
