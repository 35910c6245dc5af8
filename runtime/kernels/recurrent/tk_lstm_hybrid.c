/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_hybrid.h"

#include <stddef.h>
#include <string.h>

#include "tk_activation_f32.h"

static void project(const float *result, const tk_lstm_hybrid_weights *w, float *hidden, int8_t *quantized,
                    const tk_lstm_f32_params *p)
{
    for (int32_t o = 0; o < p->outputs; ++o) {
        hidden[o] = w->rest.projection_bias != NULL ? w->rest.projection_bias[o] : 0.0f;
    }
    tk_dynamic_products_s8(result, &w->projection, p->units, p->outputs, hidden, 1, quantized);
    for (int32_t o = 0; o < p->outputs; ++o) {
        hidden[o] = tk_clip_f32(hidden[o], p->projection_clip);
    }
}

static void step(const float *x, const tk_lstm_hybrid_weights *w, float *hidden, float *cell, float *gates,
                 int8_t *quantized, const tk_lstm_f32_params *p)
{
    const int32_t rows = p->units * p->gates;

    for (int32_t i = 0; i < rows; ++i) {
        gates[i] = w->rest.layer_norm != NULL ? 0.0f : w->rest.bias[i];
    }
    tk_dynamic_products_s8(x, &w->input, p->inputs, rows, gates, 1, quantized);
    tk_dynamic_products_s8(hidden, &w->recurrent, p->outputs, rows, gates, 1, quantized);
    tk_lstm_gates_f32(gates, &w->rest, cell, p);
    if (w->projection.data != NULL) {
        project(gates, w, hidden, quantized, p);
    } else {
        memcpy(hidden, gates, (size_t)p->units * sizeof *hidden);
    }
}

void tk_lstm_hybrid(const float *restrict x, const tk_lstm_hybrid_weights *weights, float *restrict hidden,
                    float *restrict cell, float *restrict y, float *restrict scratch, int8_t *restrict quantized,
                    const tk_lstm_f32_params *params)
{
    const tk_lstm_f32_params p = *params;

    for (int32_t b = 0; b < p.batch; ++b) {
        for (int32_t t = 0; t < p.steps; ++t) {
            const int32_t row = b * p.batch_rows + (p.reverse != 0 ? p.steps - 1 - t : t) * p.step_rows;

            step(x + row * p.inputs, weights, hidden, cell, scratch, quantized, &p);
            memcpy(y + row * p.y_pitch, hidden, (size_t)p.outputs * sizeof *y);
        }
        hidden += p.outputs;
        cell += p.units;
    }
}
