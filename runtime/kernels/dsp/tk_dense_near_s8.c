/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_near_s8.h"

#if !TK_DSP_ASM

void tk_dense_near_s8(const int8_t *restrict x, int8_t *restrict y, const tk_dense_params *params)
{
    const int32_t sum = 128 * tk_dense_sum(x, params->depth);
    const uint32_t *w = params->weights;

    for (int32_t o = 0; o < params->outputs; o += 8) {
        uint32_t t[6];
        uint32_t v[8];

        w = tk_dense_near(x, w, params->depth, sum, t);
        tk_dense_split(t, v);
        for (int32_t i = 0; i < 8; ++i) {
            y[o + i] = tk_dense_code(v[i], params->multiplier, params->addend, params->below, params->shift);
        }
    }
}

#endif
