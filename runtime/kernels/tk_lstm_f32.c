/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_f32.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "tk_activation_f32.h"
#include "tk_dot_f32.h"
#include "tk_logistic_f32.h"

enum { FORGET, OUTPUT, CELL, INPUT };

typedef tk_lstm_f32_weights weights_t;
typedef tk_lstm_f32_params params_t;

static float clipped(float value, float clip)
{
    return clip > 0.0f ? tk_between_f32(value, -clip, clip) : value;
}

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

static void normalize(float *gate, const float *factor, const float *bias, const params_t *p)
{
    const int32_t end = p->units * p->gates;
    float mean = 0.0f;
    float variance = 0.0f;

    for (int32_t i = 0; i < end; i += p->gates) {
        mean += gate[i];
    }
    mean /= (float)p->units;
    for (int32_t i = 0; i < end; i += p->gates) {
        variance += (gate[i] - mean) * (gate[i] - mean);
    }
    variance /= (float)p->units;
    for (int32_t i = 0; i < end; i += p->gates) {
        gate[i] = (gate[i] - mean) / sqrtf(variance + 1e-8f) * factor[i] + bias[i];
    }
}

/* The value of gate g of every unit, in place of its argument. */
static void activate(float *gates, int32_t g, const weights_t *w, const float *cell, const params_t *p)
{
    float *gate = gates + g;

    if (w->peephole != NULL && g != CELL) {
        for (int32_t u = 0; u < p->units; ++u) {
            gate[u * p->gates] += w->peephole[u * p->gates + g] * cell[u];
        }
    }
    if (w->layer_norm != NULL) {
        normalize(gate, w->layer_norm + g, w->bias + g, p);
    }
    for (int32_t i = 0; i < p->units * p->gates; i += p->gates) {
        if (g == CELL) {
            gate[i] = tk_activate_f32(gate[i], p->activation);
        } else {
            tk_logistic_f32(gate + i, gate + i, 1);
        }
    }
}

static void update_cell(const float *gate, float *cell, const params_t *p)
{
    for (int32_t u = 0; u < p->units; ++u) {
        const float in = p->gates > INPUT ? gate[INPUT] : 1.0f - gate[FORGET];

        cell[u] = clipped(gate[FORGET] * cell[u] + in * gate[CELL], p->cell_clip);
        gate += p->gates;
    }
}

/* The new hidden state. The scratch is free from the front: unit u's result lies before its own gates. */
static void finish(float *scratch, const float *cell, const weights_t *w, float *hidden, const params_t *p)
{
    float *result = w->projection != NULL ? scratch : hidden;

    for (int32_t u = 0; u < p->units; ++u) {
        result[u] = scratch[u * p->gates + OUTPUT] * tk_activate_f32(cell[u], p->activation);
    }
    if (w->projection != NULL) {
        for (int32_t o = 0; o < p->outputs; ++o) {
            const float start = w->projection_bias != NULL ? w->projection_bias[o] : 0.0f;
            const float sum = start + tk_dot1_f32(0.0f, scratch, w->projection + o * p->units, p->units);

            hidden[o] = clipped(sum, p->projection_clip);
        }
    }
}

static void step(const float *x, const weights_t *w, float *hidden, float *cell, float *gates, const params_t *p)
{
    const int32_t rows = p->units * p->gates;

    for (int32_t i = 0; i < rows; ++i) {
        gates[i] = w->layer_norm != NULL ? 0.0f : w->bias[i];
    }
    add_products(x, w->input, p->inputs, rows, gates);
    add_products(hidden, w->recurrent, p->outputs, rows, gates);
    activate(gates, FORGET, w, cell, p);
    activate(gates, CELL, w, cell, p);
    if (p->gates > INPUT) {
        activate(gates, INPUT, w, cell, p);
    }
    update_cell(gates, cell, p);
    activate(gates, OUTPUT, w, cell, p);
    finish(gates, cell, w, hidden, p);
}

void tk_lstm_f32(const float *restrict x, const tk_lstm_f32_weights *weights, float *restrict hidden,
                 float *restrict cell, float *restrict y, float *restrict scratch, const tk_lstm_f32_params *params)
{
    const params_t p = *params;

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
