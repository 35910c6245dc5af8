/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rfft_split_f32.h"

#include "tk_rfft_body.h"

void tk_rfft_split_f32(float *y, const float *twiddles, const tk_fft_shape *shape)
{
    tk_rfft_split(y, twiddles, shape);
}
