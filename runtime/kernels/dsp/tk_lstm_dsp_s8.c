/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_dsp_s8.h"

#include <string.h>

#include "tk_dense_sums_s8.h"
#include "tk_lstm_cell_dsp_s8.h"
#include "tk_widen_row.h"
#include "tk_widen_s8.h"

/* The arguments of all gates that a matrix gives, of 16 bits. */
static void arguments(const int8_t *x, int32_t inputs, const tk_dense_params *matrix, const tk_scale_s16 *scales, int32_t group,
                      uint32_t *widened, int32_t *gates)
{
    const int32_t sum = tk_widen_row(x, inputs, widened);

    tk_dense_sums_s8(widened, gates, matrix, 128 * sum);
    for (int32_t g = 0; g < 4; ++g) {
        tk_rescale_s16(gates + g * group, group, scales + g);
    }
}

void tk_lstm_dsp_s8(const int8_t *restrict x, int8_t *restrict hidden, int16_t *restrict cell, int8_t *restrict y,
                    int32_t *restrict gates, const tk_lstm_dsp *layer)
{
    const tk_lstm_dsp *l = layer;
    const int32_t units = l->cell.units;
    const int32_t group = (units + 3) / 4 * 4;
    int32_t *const recurrent = gates + l->input.outputs;
    uint32_t *const widened = (uint32_t *)(recurrent + l->recurrent.outputs);

    for (int32_t b = 0; b < l->batch; ++b) {
        const int8_t *before = hidden + b * units;
        int32_t row = b * l->batch_rows;

        for (int32_t t = 0; t < l->steps; ++t) {
            arguments(x + row * l->inputs, l->inputs, &l->input, l->scales, group, widened, gates);
            arguments(before, units, &l->recurrent, l->scales + 4, group, widened, recurrent);
            tk_lstm_cell_dsp_s8(gates, recurrent, cell + b * units, y + row * units, &l->cell);
            before = y + row * units;
            row += l->step_rows;
        }
        memcpy(hidden + b * units, before, (size_t)units);
    }
}
