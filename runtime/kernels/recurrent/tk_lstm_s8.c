/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_s8.h"

#include <stddef.h>
#include <string.h>

#include "tk_dot_s8.h"
#include "tk_lstm_cell.h"
#include "tk_math.h"

static int16_t saturate(int32_t value)
{
    return tk_limit_s16(value, INT16_MIN, INT16_MAX);
}

/* gate[g] = one half of the argument of gate g of a unit. */
static void half(const int8_t *x, const int8_t *weights, const int32_t *bias, int32_t n, const int32_t *multiplier,
                 const int8_t *shift, int16_t *gate)
{
    int32_t sum[TK_LSTM_GATES] = {0, 0, 0, 0};

    tk_dot4_s8(sum, x, weights, n, n);
    for (int32_t g = 0; g < TK_LSTM_GATES; ++g) {
        gate[g] = saturate(tk_requantize(tk_wrapping_add(sum[g], bias[g]), multiplier[g], shift[g]));
    }
}

static void step(const int8_t *x, const int8_t *hidden, const tk_lstm_s8_weights *w, int16_t *cell, int8_t *y,
                 const tk_lstm_params *p)
{
    const int32_t inputs = p->shape.inputs;
    const int32_t units = p->shape.units;

    for (int32_t u = 0; u < units; ++u) {
        const int32_t first = u * TK_LSTM_GATES;
        int16_t gate[TK_LSTM_GATES];
        int16_t recurrent[TK_LSTM_GATES];
        int32_t out;

        half(x, w->input + first * inputs, w->input_bias + first, inputs, p->input_multiplier, p->input_shift, gate);
        half(hidden, w->recurrent + first * units, w->recurrent_bias + first, units, p->recurrent_multiplier,
             p->recurrent_shift, recurrent);
        for (int32_t g = 0; g < TK_LSTM_GATES; ++g) {
            gate[g] = saturate((int32_t)gate[g] + recurrent[g]);
        }
        tk_lstm_cell(gate, cell + u, w->sigmoid, p, &out);
        y[u] = tk_limit_s8(out, -128, 127);
    }
}

void tk_lstm_s8(const int8_t *restrict x, const tk_lstm_s8_weights *weights, int8_t *restrict hidden,
                int16_t *restrict cell, int8_t *restrict y, const tk_lstm_params *params)
{
    const tk_lstm_shape s = params->shape;

    for (int32_t b = 0; b < s.batch; ++b) {
        const int8_t *before = hidden;
        int32_t row = b * s.batch_rows;

        for (int32_t t = 0; t < s.steps; ++t) {
            step(x + row * s.inputs, before, weights, cell, y + row * s.units, params);
            before = y + row * s.units;
            row += s.step_rows;
        }
        memcpy(hidden, before, (size_t)s.units);
        hidden += s.units;
        cell += s.units;
    }
}
