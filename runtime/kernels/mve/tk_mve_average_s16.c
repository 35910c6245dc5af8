/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_average_s16.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_average_s16(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window, const tk_mve_line *line)
{
    const int32_t n = window->rows * window->columns;
    int16_t *codes = (int16_t *)(void *)y;

    (void)line;
    for (int32_t c = 0; c < window->channels / 2; ++c) {
        int32_t sum = 0;
        int32_t mean;

        for (int32_t r = 0; r < window->rows; ++r) {
            const int16_t *row = (const int16_t *)(const void *)(rows[r] + window->x);

            for (int32_t j = 0; j < window->columns; ++j) {
                sum += row[j * (window->pixel / 2) + c];
            }
        }
        mean = (sum < 0 ? sum - n / 2 : sum + n / 2) / n;
        codes[c] = (int16_t)(mean < window->min ? window->min : mean > window->max ? window->max : mean);
    }
}

#endif
