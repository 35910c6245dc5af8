/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_window_sums_s8.h"

#if !TK_DSP_ASM

void tk_window_sums_s8(const int8_t *restrict x, uint32_t *restrict sums, const tk_fours *window)
{
    for (int32_t f = 0; f < window->fours; ++f, sums += 2) {
        int32_t total[4] = {0, 0, 0, 0};

        for (int32_t i = 0; i < window->rows; ++i) {
            for (int32_t j = 0; j < window->columns; ++j) {
                for (int32_t q = 0; q < 4; ++q) {
                    total[q] += x[i * window->row + j * window->pixel + 4 * f + q];
                }
            }
        }
        sums[0] = tk_pair(total[0], total[2]);
        sums[1] = tk_pair(total[1], total[3]);
    }
}

#endif
