/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_irfft_load_f32.h"

#include "tk_rfft_body.h"

void tk_irfft_load_f32(const float *x, float *y, const int16_t *positions, const float *twiddles, int32_t length,
                       const tk_fft_shape *shape)
{
    const float scale = 0.5f / (float)shape->n;

    tk_irfft_load(x, y, positions, twiddles, length, shape);
    for (int32_t frame = 0; frame < shape->frames; ++frame) {
        for (int32_t i = 0; i < 2 * shape->n; ++i) {
            y[i] *= scale;
        }
        y += shape->stride;
    }
}
