/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_irfft_swap_f32.h"

#include "tk_rfft_body.h"

void tk_irfft_swap_f32(float *y, const tk_fft_shape *shape)
{
    tk_irfft_swap(y, shape);
}
