/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_widen4_s8.h"

#if !TK_DSP_ASM

static int32_t woven(const int8_t *x, int32_t pitch)
{
    return 256 * (int32_t)x[0] + x[pitch] + 128;
}

void tk_widen4_s8(const int8_t *restrict x, int32_t pitch, int32_t bytes, uint32_t *restrict out)
{
    for (int32_t k = 0; k < bytes; k += 4) {
        for (int32_t odd = 0; odd < 2; ++odd) {
            for (int32_t i = 0; i < 3; ++i) {
                const int8_t *at = x + i * pitch + k + odd;

                *out++ = tk_pair(woven(at, pitch), woven(at + 2, pitch));
            }
        }
    }
}

#endif
