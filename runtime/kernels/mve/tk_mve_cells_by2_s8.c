/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_cells_by2_s8.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

static int8_t output(const int8_t *cell, const int8_t *weights, const tk_mve_cells *shape)
{
    const int8_t *constants = weights + 16;
    int32_t acc = tk_mve_word(constants, 0);

    for (int32_t i = 0; i < 4; ++i) {
        for (int32_t j = 0; j < 4; ++j) {
            acc += weights[4 * i + j] * cell[64 * i + j];
        }
    }
    return tk_mve_narrow(tk_mve_linear(acc, tk_mve_word(constants, 1), 0, 0) + tk_mve_word(constants, 2),
                                  shape->shift);
}

void tk_mve_cells_by2_s8(const int8_t *cells, const int8_t *weights, int8_t *y, const tk_mve_cells *shape)
{
    for (int32_t p = 0; p < shape->out_rows; ++p) {
        for (int32_t q = 0; q < shape->out_columns; ++q) {
            for (int32_t c = 0; c < shape->channels; ++c) {
                const int8_t *cell = cells + q * shape->strip + 128 * p + 4 * c;

                y[p * shape->out_row + q * shape->out_pixel + c] = output(cell, weights + 28 * c, shape);
            }
        }
    }
}

#endif
