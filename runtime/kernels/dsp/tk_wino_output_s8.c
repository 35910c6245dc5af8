/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_wino_output_s8.h"

#if !TK_DSP_ASM

static int8_t code(uint32_t v, const uint32_t *q)
{
    const uint32_t below = (int32_t)v < 0 ? q[2] : 0;

    return tk_ssat8(tk_smmla((int32_t)v, (int32_t)q[0], (int32_t)(q[1] + below)) >> TK_WINO_SHIFT);
}

void tk_wino_output_s8(const uint32_t *restrict m, const uint32_t *restrict q, const tk_wino_tiles *tiles, int32_t channel)
{
    for (int32_t i = 0; i < 8; ++i, m += 36) {
        const uint32_t *const constants = q + i / 4 * 4;
        int8_t *const y = tiles->y[i % 4] + channel + i / 4;
        uint32_t half[24];
        uint32_t v[16];

        for (int32_t r = 0; r < 6; ++r) {
            tk_wino_a(m + 6 * r, 1, half + 4 * r, 1);
        }
        for (int32_t c = 0; c < 4; ++c) {
            half[4 + c] += constants[3];
            tk_wino_a(half + c, 4, v + c, 4);
        }
        for (int32_t k = 0; k < 16; ++k) {
            y[k / 4 * tiles->row[i % 4] + k % 4 * tiles->pixel] = code(v[k], constants);
        }
    }
}

#endif
