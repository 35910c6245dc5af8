/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rfft_split_s16.h"

#define TK_FFT_BITS 16
#include "tk_rfft_body.h"

void tk_rfft_split_s16(int16_t *y, const int16_t *twiddles, const tk_fft_shape *shape)
{
    tk_rfft_split(y, twiddles, shape);
}
