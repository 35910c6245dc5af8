/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_gemm4_s8.h"

#if !TK_DSP_ASM

void tk_gemm4_s8(const uint32_t *restrict x, int8_t *restrict y, const tk_gemm_s8 *gemm)
{
    const uint32_t *w = gemm->weights;

    for (int32_t c = 0; c < gemm->channels; c += 2) {
        uint32_t sums[2][3];
        uint32_t v[4];

        w = tk_gemm_sums(x, w, gemm->depth, 3, sums);
        for (int32_t d = 0; d < 2; ++d, w += 2) {
            tk_gemm_split(sums[d], v);
            for (int32_t i = 0; i < 4; ++i) {
                y[i * gemm->pitch + c + d] = tk_gemm_code(v[i], w);
            }
        }
    }
}

#endif
