/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_f32.h"

#include <stddef.h>
#include <string.h>

#include "tk_activation_f32.h"
#include "tk_dot_f32.h"

/* gates[u * gates + g] += weights of gate g of unit u times x. */
static void add_products(const float *x, const float *weights, int32_t n, int32_t rows, float *gates)
{
    int32_t row = 0;

    for (; row + 4 <= rows; row += 4) {
        float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};

        tk_dot4_f32(sum, x, weights + row * n, n, n);
        for (int32_t i = 0; i < 4; ++i) {
            gates[row + i] += sum[i];
        }
    }
    for (; row < rows; ++row) {
        gates[row] += tk_dot1_f32(0.0f, x, weights + row * n, n);
    }
}

static void project(const float *result, const tk_lstm_f32_weights *w, float *hidden, const tk_lstm_f32_params *p)
{
    for (int32_t o = 0; o < p->outputs; ++o) {
        const float start = w->projection_bias != NULL ? w->projection_bias[o] : 0.0f;
        const float sum = start + tk_dot1_f32(0.0f, result, w->projection + o * p->units, p->units);

        hidden[o] = tk_clip_f32(sum, p->projection_clip);
    }
}

static void step(const float *x, const tk_lstm_f32_weights *w, float *hidden, float *cell, float *gates,
                 const tk_lstm_f32_params *p)
{
    const int32_t rows = p->units * p->gates;

    for (int32_t i = 0; i < rows; ++i) {
        gates[i] = w->layer_norm != NULL ? 0.0f : w->bias[i];
    }
    add_products(x, w->input, p->inputs, rows, gates);
    add_products(hidden, w->recurrent, p->outputs, rows, gates);
    tk_lstm_gates_f32(gates, w, cell, p);
    if (w->projection != NULL) {
        project(gates, w, hidden, p);
    } else {
        memcpy(hidden, gates, (size_t)p->units * sizeof *hidden);
    }
}

void tk_lstm_f32(const float *restrict x, const tk_lstm_f32_weights *weights, float *restrict hidden,
                 float *restrict cell, float *restrict y, float *restrict scratch, const tk_lstm_f32_params *params)
{
    const tk_lstm_f32_params p = *params;

    for (int32_t b = 0; b < p.batch; ++b) {
        for (int32_t t = 0; t < p.steps; ++t) {
            const int32_t row = b * p.batch_rows + (p.reverse != 0 ? p.steps - 1 - t : t) * p.step_rows;

            step(x + row * p.inputs, weights, hidden, cell, scratch, &p);
            memcpy(y + row * p.y_pitch, hidden, (size_t)p.outputs * sizeof *y);
        }
        hidden += p.outputs;
        cell += p.units;
    }
}
