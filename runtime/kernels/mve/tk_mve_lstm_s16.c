/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_lstm_s16.h"

#include <string.h>

#include "tk_mve_dense_s16.h"
#include "tk_mve_lstm_cell_s16.h"

void tk_mve_lstm_s16(const int16_t *x, int16_t *hidden, int16_t *cell, int16_t *y, int16_t *gates, const tk_mve_lstm *layer)
{
    const int32_t inputs = layer->input.depth;
    const int32_t units = layer->cell.units;
    int16_t *const recurrent = gates + 4 * units;

    for (int32_t b = 0; b < layer->batch; ++b) {
        const int16_t *before = hidden + b * units;
        int32_t row = b * layer->batch_rows;

        for (int32_t t = 0; t < layer->steps; ++t) {
            tk_mve_dense_s16(x + row * inputs, gates, &layer->input);
            tk_mve_dense_s16(before, recurrent, &layer->recurrent);
            tk_mve_lstm_cell_s16(gates, recurrent, cell + b * units, y + row * units, &layer->cell);
            before = y + row * units;
            row += layer->step_rows;
        }
        memcpy(hidden + b * units, before, (size_t)units * sizeof *hidden);
    }
}
