/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_irfft_load_f32.h"

#include "tk_rfft_body.h"

void tk_irfft_load_f32(const float *x, float *y, const int16_t *positions, const float *twiddles, int32_t length,
                       const tk_fft_shape *shape)
{
    tk_irfft_load(x, y, positions, twiddles, length, shape);
}
