/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_gemm_totals_s8.h"

#if !TK_DSP_ASM

void tk_gemm_totals_s8(const uint32_t *restrict w, int32_t words, int32_t pairs, uint32_t *restrict totals, int32_t apart)
{
    for (int32_t i = 0; i < pairs; ++i) {
        for (int32_t d = 0; d < 2; ++d) {
            int32_t total = 0;

            for (int32_t k = 0; k < words; ++k) {
                total += tk_byte(w[i * words + k], d) + tk_byte(w[i * words + k], d + 2);
            }
            totals[i * apart + d] = (uint32_t)total;
        }
    }
}

#endif
