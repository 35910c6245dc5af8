/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_wino_products_s16.h"

#if !TK_DSP_ASM

void tk_wino_products_s16(const uint32_t *restrict v, const uint32_t *restrict u, uint32_t *restrict m, int32_t fours)
{
    for (int32_t p = 0; p < 36; ++p, v += 8 * fours, u += 4 * fours) {
        for (int32_t i = 0; i < 8; ++i) {
            uint32_t sum = 0;

            for (int32_t k = 0; k < 2 * fours; ++k) {
                sum = tk_smlad(v[4 * k + i % 4], u[2 * k + i / 4], sum);
            }
            m[36 * i + p] = sum;
        }
    }
}

#endif
