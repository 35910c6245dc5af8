/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dots_s16.h"

#if !TK_DSP_ASM

void tk_dots_s16(const int16_t *x, const int16_t *w, int16_t *restrict y, const tk_dots_s16_params *dots)
{
    for (int32_t j = 0; j < dots->columns; ++j) {
        int64_t sum = 0;

        for (int32_t k = 0; k < dots->depth; ++k) {
            sum += (int32_t)x[k] * w[j * dots->depth + k];
        }

        const uint64_t total = (uint64_t)sum * dots->multiplier + ((uint64_t)dots->high << 32) + dots->low;
        const int32_t code = (int32_t)(uint32_t)(total >> 32) >> dots->shift;
        const int32_t low = dots->floor != 0 ? 0 : INT16_MIN;

        y[j] = (int16_t)(code < low ? low : code > INT16_MAX ? INT16_MAX : code);
    }
}

#endif
