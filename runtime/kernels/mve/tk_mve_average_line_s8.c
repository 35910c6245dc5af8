/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_average_line_s8.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_average_line_s8(const int8_t *const *rows, int8_t *y, const tk_mve_pool_window *window, const tk_mve_line *line)
{
    for (int32_t c = 0; c < window->channels; ++c) {
        int32_t sum = 0;
        int32_t product;
        int32_t code;

        for (int32_t r = 0; r < window->rows; ++r) {
            for (int32_t j = 0; j < window->columns; ++j) {
                sum += rows[r][window->x + j * window->pixel + c];
            }
        }
        product = sum * line->multiplier;
        code = (product + line->addend + (((product >> line->shift) + line->zero_point) & line->even)) >> line->shift;
        y[c] = (int8_t)(code < window->min ? window->min : code > window->max ? window->max : code);
    }
}

#endif
