/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_window_means_s16.h"

#if !TK_DSP_ASM

void tk_window_means_s16(const int16_t *restrict x, int16_t *restrict y, const tk_fours *window, const tk_means_s16 *means)
{
    for (int32_t c = 0; c < 4 * window->fours; ++c) {
        int32_t sum = 0;

        for (int32_t i = 0; i < window->rows; ++i) {
            for (int32_t j = 0; j < window->columns; ++j) {
                sum += x[i * window->row + j * window->pixel + c];
            }
        }

        const uint32_t twice = 2u * (uint32_t)(sum < 0 ? -sum : sum) + (uint32_t)means->half;
        const int32_t mean = (int32_t)(((uint64_t)twice * means->reciprocal) >> 32);

        y[c] = (int16_t)(sum < 0 ? -mean : mean);
    }
}

#endif
