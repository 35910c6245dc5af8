/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_s16.h"

#include <stddef.h>
#include <string.h>

#include "tk_lstm_cell.h"
#include "tk_math.h"

/* So many products of an int16 and an int8 fit into 32 bits, whatever they are. */
enum { TERMS = 511 };

/* sum[g] += x times the weights of gate g, n <= TERMS of each, `pitch` apart. */
static void dot(int64_t *sum, const int16_t *x, const int8_t *weights, int32_t pitch, int32_t n)
{
    const int8_t *w1 = weights + pitch;
    const int8_t *w2 = w1 + pitch;
    const int8_t *w3 = w2 + pitch;
    int32_t sum0 = 0;
    int32_t sum1 = 0;
    int32_t sum2 = 0;
    int32_t sum3 = 0;

    for (const int16_t *end = x + n; x != end;) {
        const int32_t value = *x++;

        sum0 += value * *weights++;
        sum1 += value * *w1++;
        sum2 += value * *w2++;
        sum3 += value * *w3++;
    }
    sum[0] += sum0;
    sum[1] += sum1;
    sum[2] += sum2;
    sum[3] += sum3;
}

static int16_t saturate(int32_t value)
{
    return tk_limit_s16(value, INT16_MIN, INT16_MAX);
}

/* gate[g] = one half of the argument of gate g of a unit. bias: NULL for zeros. */
static void half(const int16_t *x, const int8_t *weights, const int64_t *bias, int32_t n, const int32_t *multiplier,
                 const int8_t *shift, int16_t *gate)
{
    int64_t sum[TK_LSTM_GATES] = {0, 0, 0, 0};

    for (int32_t i = 0; i < n; i += TERMS) {
        dot(sum, x + i, weights + i, n, n - i < TERMS ? n - i : TERMS);
    }
    for (int32_t g = 0; g < TK_LSTM_GATES; ++g) {
        const int64_t whole = tk_wrapping_add_s64(sum[g], bias != NULL ? bias[g] : 0);

        gate[g] = saturate(tk_requantize_s64(whole, multiplier[g], shift[g]));
    }
}

static void step(const int16_t *x, const int16_t *hidden, const tk_lstm_s16_weights *w, int16_t *cell, int16_t *y,
                 const tk_lstm_params *p)
{
    const int32_t inputs = p->shape.inputs;
    const int32_t units = p->shape.units;

    for (int32_t u = 0; u < units; ++u) {
        const int32_t first = u * TK_LSTM_GATES;
        int16_t gate[TK_LSTM_GATES];
        int16_t recurrent[TK_LSTM_GATES];
        int32_t out;

        half(x, w->input + first * inputs, w->bias + first, inputs, p->input_multiplier, p->input_shift, gate);
        half(hidden, w->recurrent + first * units, NULL, units, p->recurrent_multiplier, p->recurrent_shift, recurrent);
        for (int32_t g = 0; g < TK_LSTM_GATES; ++g) {
            gate[g] = saturate((int32_t)gate[g] + recurrent[g]);
        }
        tk_lstm_cell(gate, cell + u, w->sigmoid, p, &out);
        y[u] = saturate(out);
    }
}

void tk_lstm_s16(const int16_t *restrict x, const tk_lstm_s16_weights *weights, int16_t *restrict hidden,
                 int16_t *restrict cell, int16_t *restrict y, const tk_lstm_params *params)
{
    const tk_lstm_shape s = params->shape;

    for (int32_t b = 0; b < s.batch; ++b) {
        const int16_t *before = hidden;
        int32_t row = b * s.batch_rows;

        for (int32_t t = 0; t < s.steps; ++t) {
            step(x + row * s.inputs, before, weights, cell, y + row * s.units, params);
            before = y + row * s.units;
            row += s.step_rows;
        }
        memcpy(hidden, before, (size_t)s.units * sizeof *hidden);
        hidden += s.units;
        cell += s.units;
    }
}
