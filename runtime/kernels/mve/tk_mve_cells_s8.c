/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_cells_s8.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_cells_s8(const int8_t *const *rows, int8_t *y, const tk_mve_cells *cells)
{
    for (int32_t s = 0; s < cells->strips; ++s) {
        for (int32_t r = 0; r < cells->in_rows; ++r) {
            for (int32_t c = 0; c < cells->channels; ++c) {
                for (int32_t i = 0; i < 4; ++i) {
                    const int32_t column = 2 * s + i - cells->padded;
                    const int32_t inside = column >= 0 && column < cells->inside;

                    y[s * cells->strip + 64 * r + 4 * c + i] =
                        (int8_t)(inside ? rows[r][cells->x + column * cells->pixel + c] : cells->zero_point);
                }
            }
        }
    }
}

#endif
