/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rfft_load_f32.h"

#include "tk_rfft_body.h"

void tk_rfft_load_f32(const float *x, float *y, const int16_t *positions, int32_t length, const tk_fft_shape *shape)
{
    tk_rfft_load(x, y, positions, length, shape);
}
