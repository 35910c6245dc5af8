/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fft_odd_f32.h"

#include "tk_fft_odd_stage.h"

void tk_fft_odd_f32(float *y, const float *twiddles, const tk_fft_shape *shape, int32_t radix)
{
    tk_fft_odd_frames(y, twiddles, shape, radix);
}
