/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_mve_lstm_*: TK_VALUE is an element's type, TK_DENSE the matrix layer, TK_CELL the cell. Internal. */
#ifndef TK_MVE_LSTM_BODY_H
#define TK_MVE_LSTM_BODY_H

#include "tk_mve_lstm.h"

#include <string.h>

#ifdef TK_VALUE

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_mve_lstm_steps(const TK_VALUE *x, TK_VALUE *hidden, int16_t *cell, TK_VALUE *y, int16_t *gates,
                                     const tk_mve_lstm *layer)
{
    const int32_t inputs = layer->input.depth;
    const int32_t units = layer->cell.units;
    int16_t *const recurrent = gates + 4 * units;

    for (int32_t b = 0; b < layer->batch; ++b) {
        const TK_VALUE *before = hidden + b * units;
        int32_t row = b * layer->batch_rows;

        for (int32_t t = 0; t < layer->steps; ++t) {
            TK_DENSE(x + row * inputs, gates, &layer->input);
            TK_DENSE(before, recurrent, &layer->recurrent);
            TK_CELL(gates, recurrent, cell + b * units, y + row * units, &layer->cell);
            before = y + row * units;
            row += layer->step_rows;
        }
        memcpy(hidden + b * units, before, (size_t)units * sizeof *hidden);
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
