/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_window_max_s16.h"

#if !TK_DSP_ASM

void tk_window_max_s16(const int16_t *restrict x, int16_t *restrict y, const tk_fours *window)
{
    for (int32_t c = 0; c < 4 * window->fours; ++c) {
        int16_t greatest = x[c];

        for (int32_t i = 0; i < window->rows; ++i) {
            for (int32_t j = 0; j < window->columns; ++j) {
                const int16_t code = x[i * window->row + j * window->pixel + c];

                greatest = code > greatest ? code : greatest;
            }
        }
        y[c] = greatest;
    }
}

#endif
