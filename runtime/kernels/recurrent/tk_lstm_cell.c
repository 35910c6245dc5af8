/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_cell.h"

#include "tk_logistic_s16.h"
#include "tk_math.h"
#include "tk_tanh_s16.h"

/* requantize(a * b), saturated. */
static int32_t product(int16_t a, int16_t b, int32_t multiplier, int32_t shift)
{
    return tk_limit_s32(tk_requantize((int32_t)a * b, multiplier, shift), INT16_MIN, INT16_MAX);
}

void tk_lstm_cell(int16_t *gate, int16_t *cell, const int16_t *sigmoid, const tk_lstm_params *params, int32_t *y)
{
    const tk_lstm_params *p = params;
    int32_t sum;
    int16_t tangent;

    tk_logistic_s16(gate, sigmoid, gate, TK_LSTM_CELL, 3, 0);
    tk_tanh_s16(gate + TK_LSTM_CELL, sigmoid, gate + TK_LSTM_CELL, 1, 3, 0);
    sum = product(gate[TK_LSTM_FORGET], *cell, p->forget_multiplier, p->forget_shift);
    sum += product(gate[TK_LSTM_INPUT], gate[TK_LSTM_CELL], p->update_multiplier, p->update_shift);
    *cell = tk_limit_s16(sum, p->cell_min, p->cell_max);
    tk_tanh_s16(cell, sigmoid, &tangent, 1, p->tanh_multiplier, p->tanh_shift);
    sum = tk_requantize((int32_t)tangent * gate[TK_LSTM_OUTPUT], p->output_multiplier, p->output_shift);
    *y = tk_wrapping_add(sum, p->output_offset);
}
