/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_add4_s8.h"

#if !TK_DSP_ASM

void tk_add4_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_add4 *add)
{
    for (int32_t i = 0; i < add->n; ++i) {
        const int64_t products = (int64_t)x1[i] * add->multiplier1 + (int64_t)x2[i] * add->multiplier2;

        y[i] = tk_ssat8(tk_asr((uint32_t)(products >> 8) + (uint32_t)add->offset, TK_ADD_SHIFT));
    }
}

#endif
