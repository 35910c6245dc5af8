/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_widen_s8.h"

#if !TK_DSP_ASM

int32_t tk_widen_s8(const int8_t *restrict x, int32_t n, uint32_t *restrict out)
{
    int32_t sum = 0;

    for (int32_t k = 0; k < n; k += 4) {
        *out++ = tk_pair(x[k], x[k + 2]);
        *out++ = tk_pair(x[k + 1], x[k + 3]);
        sum += (int32_t)x[k] + x[k + 1] + x[k + 2] + x[k + 3];
    }
    return sum;
}

#endif
