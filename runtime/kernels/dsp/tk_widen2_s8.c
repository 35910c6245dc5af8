/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_widen2_s8.h"

#if !TK_DSP_ASM

void tk_widen2_s8(const int8_t *x1, const int8_t *x2, int32_t n, uint32_t *restrict out, int32_t sums[2])
{
    for (int32_t i = 0; i < 2; ++i) {
        const int8_t *const x = i == 0 ? x1 : x2;

        for (int32_t k = 0; k < n; k += 4) {
            out[k + i] = tk_pair(x[k], x[k + 2]);
            out[k + 2 + i] = tk_pair(x[k + 1], x[k + 3]);
            sums[i] += (int32_t)x[k] + x[k + 1] + x[k + 2] + x[k + 3];
        }
    }
}

#endif
