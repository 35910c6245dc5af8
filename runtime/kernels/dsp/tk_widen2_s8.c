/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_widen2_s8.h"

#if !TK_DSP_ASM

void tk_widen2_s8(const int8_t *restrict x, int32_t pitch, int32_t bytes, uint32_t *restrict out)
{
    for (int32_t k = 0; k < bytes; k += 4) {
        for (int32_t odd = 0; odd < 2; ++odd) {
            for (int32_t i = 0; i < 2; ++i) {
                const int8_t *at = x + i * pitch + k + odd;

                *out++ = tk_pair(INT32_C(257) * at[0] + 128, INT32_C(257) * at[2] + 128);
            }
        }
    }
}

#endif
