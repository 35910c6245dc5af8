/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_planes_s8.h"

#if !TK_DSP_ASM

void tk_planes_s8(const int8_t *restrict x, int32_t pitch, int32_t pairs, uint32_t *restrict planes)
{
    for (int32_t i = 0; i < pairs; ++i) {
        for (int32_t q = 0; q < 4; ++q) {
            planes[q * TK_PLANE + i] = tk_pair(x[2 * i * pitch + q], x[(2 * i + 1) * pitch + q]);
        }
    }
}

#endif
