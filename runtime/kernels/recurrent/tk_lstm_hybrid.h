/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_HYBRID_H
#define TK_LSTM_HYBRID_H

#include <stdint.h>

#include "tk_dynamic_products_s8.h"
#include "tk_lstm_gates_f32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `rest`: what is not in int8; its input, recurrent and projection weights are not read. */
typedef struct {
    tk_dynamic_weights input;      /* [units, gates, inputs] */
    tk_dynamic_weights recurrent;  /* [units, gates, outputs] */
    tk_dynamic_weights projection; /* [outputs, units]; or data NULL: outputs = units */
    tk_lstm_f32_weights rest;
} tk_lstm_hybrid_weights;

/* tk_lstm_f32 with int8 weights: at every step its input, the state and what is to be projected are quantized by their own
 * range, and their products with the weights are integers.
 * quantized: scratch, as many elements as the largest of inputs, outputs and units; scratch: units * gates floats.
 * Aliasing: none. Within rounding of LiteRT's reference kernel. */
void tk_lstm_hybrid(const float *x, const tk_lstm_hybrid_weights *weights, float *hidden, float *cell, float *y,
                    float *scratch, int8_t *quantized, const tk_lstm_f32_params *params);

#ifdef __cplusplus
}
#endif

#endif
