/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fpu_gemm_f32.h"

#include "tk_slide_f32.h"

#if !TK_FPU_ASSEMBLY

static float product(const float *x, const float *w, int32_t depth)
{
    float sum = 0.0f;

    for (int32_t k = 0; k < depth; ++k) {
        sum = sum + x[k] * w[k * 8];
    }
    return sum + w[depth * 8];
}

void tk_fpu_gemm_f32(const float *x, float *y, int32_t pixels, const tk_gemm_f32 *layer)
{
    for (int32_t p = 0; p < pixels; ++p) {
        for (int32_t o = 0; o < layer->channels; ++o) {
            const float *w = layer->weights + o / 8 * (layer->depth + 1) * 8 + o % 8;
            const float sum = product(x + p * layer->step, w, layer->depth);

            y[p * layer->pitch + o] = tk_clamped_f32(sum, layer->min, layer->max);
        }
    }
}

#endif
