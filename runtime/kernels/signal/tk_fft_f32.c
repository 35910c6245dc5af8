/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fft_f32.h"

#include "tk_fft_stages.h"

void tk_fft_f32(float *y, const float *twiddles, const tk_fft_shape *shape)
{
    tk_fft_frames(y, twiddles, shape);
}
