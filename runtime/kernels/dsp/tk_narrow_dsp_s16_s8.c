/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_narrow_dsp_s16_s8.h"

void tk_narrow_dsp_s16_s8(const int16_t *restrict x, int8_t *restrict y, const tk_narrow *narrow)
{
    const tk_narrow k = *narrow;

    for (int32_t i = 0; i < k.n; ++i) {
        const int32_t v = 256 * (k.start + x[i]);
        const uint32_t sum = (uint32_t)k.addend + (uint32_t)(tk_asr((uint32_t)v, 31) & k.below);

        y[i] = tk_ssat8(tk_smmla(v, k.multiplier, (int32_t)sum) >> k.shift);
    }
}
