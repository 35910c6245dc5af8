/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_maximum_s8.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_maximum_s8(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window, const tk_mve_line *line)
{
    (void)line;
    for (int32_t c = 0; c < window->channels; ++c) {
        int32_t most = window->min;

        for (int32_t r = 0; r < window->rows; ++r) {
            for (int32_t j = 0; j < window->columns; ++j) {
                const int32_t code = rows[r][window->x + j * window->pixel + c];

                most = code > most ? code : most;
            }
        }
        y[c] = (int8_t)(most > window->max ? window->max : most);
    }
}

#endif
