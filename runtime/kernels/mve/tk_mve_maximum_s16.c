/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_maximum_s16.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_maximum_s16(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window, const tk_mve_line *line)
{
    int16_t *codes = (int16_t *)(void *)y;

    (void)line;
    for (int32_t c = 0; c < window->channels / 2; ++c) {
        int32_t most = window->min;

        for (int32_t r = 0; r < window->rows; ++r) {
            const int16_t *row = (const int16_t *)(const void *)(rows[r] + window->x);

            for (int32_t j = 0; j < window->columns; ++j) {
                const int32_t code = row[j * (window->pixel / 2) + c];

                most = code > most ? code : most;
            }
        }
        codes[c] = (int16_t)(most > window->max ? window->max : most);
    }
}

#endif
