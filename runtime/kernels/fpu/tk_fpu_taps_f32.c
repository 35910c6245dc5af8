/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fpu_taps_f32.h"

#include "tk_slide_f32.h"

#if !TK_FPU_ASSEMBLY

void tk_fpu_taps_f32(const float *const *x, float *y, const tk_taps_f32 *layer)
{
    for (int32_t c = 0; c < layer->channels; ++c) {
        const float *w = layer->weights + c / 8 * (layer->taps + 1) * 8 + c % 8;
        float sum = 0.0f;

        for (int32_t t = 0; t < layer->taps; ++t) {
            sum = sum + x[t][c] * w[t * 8];
        }
        y[c] = tk_clamped_f32(sum + w[layer->taps * 8], layer->min, layer->max);
    }
}

#endif
