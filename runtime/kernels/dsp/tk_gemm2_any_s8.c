/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_gemm2_any_s8.h"

#if !TK_DSP_ASM

void tk_gemm2_any_s8(const uint32_t *restrict x, int8_t *restrict y, const tk_gemm_s8 *gemm)
{
    const uint32_t *w = gemm->weights;

    for (int32_t c = 0; c < gemm->channels; c += 2) {
        uint32_t sums[2][3];

        w = tk_gemm_sums(x, w, gemm->depth, 2, sums);
        for (int32_t d = 0; d < 2; ++d, w += 4) {
            for (int32_t i = 0; i < 2; ++i) {
                y[i * gemm->pitch + c + d] = tk_gemm_any_code(sums[d][i] * TK_256_OVER_257, w);
            }
        }
    }
}

#endif
