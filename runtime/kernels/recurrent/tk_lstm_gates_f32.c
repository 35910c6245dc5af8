/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_gates_f32.h"

#include <math.h>
#include <stddef.h>

#include "tk_activation_f32.h"
#include "tk_logistic_f32.h"

enum { FORGET, OUTPUT, CELL, INPUT };

typedef tk_lstm_f32_weights weights_t;
typedef tk_lstm_f32_params params_t;

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

        cell[u] = tk_clip_f32(gate[FORGET] * cell[u] + in * gate[CELL], p->cell_clip);
        gate += p->gates;
    }
}

void tk_lstm_gates_f32(float *restrict gates, const tk_lstm_f32_weights *weights, float *restrict cell,
                       const tk_lstm_f32_params *params)
{
    activate(gates, FORGET, weights, cell, params);
    activate(gates, CELL, weights, cell, params);
    if (params->gates > INPUT) {
        activate(gates, INPUT, weights, cell, params);
    }
    update_cell(gates, cell, params);
    activate(gates, OUTPUT, weights, cell, params);
    for (int32_t u = 0; u < params->units; ++u) { /* unit u's result lies before its own gates */
        gates[u] = gates[u * params->gates + OUTPUT] * tk_activate_f32(cell[u], params->activation);
    }
}
