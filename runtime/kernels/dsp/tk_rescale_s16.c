/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rescale_s16.h"

#if !TK_DSP_ASM

void tk_rescale_s16(int32_t *v, int32_t n, const tk_scale_s16 *scale)
{
    for (int32_t i = 0; i < n; ++i) {
        const int64_t product = (int64_t)(v[i] * ((int32_t)1 << scale->up)) * scale->multiplier;
        const int32_t s = (int32_t)((product + ((int64_t)1 << 31)) >> 32);
        const uint32_t sum = (uint32_t)s + (s < 0 ? (uint32_t)scale->below : 0u) + (uint32_t)scale->half;
        const int32_t y = (int32_t)sum >> scale->right;

        v[i] = y > INT16_MAX ? INT16_MAX : y < INT16_MIN ? INT16_MIN : y;
    }
}

#endif
