/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_S8_H
#define TK_LSTM_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Weights and biases of the gates (input, forget, output, cell), unit by unit: those of gate g of unit u at u * 4 + g.
 * Zero points are in the biases: input_bias has minus the input's times the sum of the gate's weights added, recurrent_bias is
 * minus the hidden state's times the sum of the gate's weights. */
typedef struct {
    const int8_t *input;       /* [units, 4, inputs] */
    const int8_t *recurrent;   /* [units, 4, units] */
    const int32_t *input_bias; /* [units, 4] */
    const int32_t *recurrent_bias;
    const int16_t *sigmoid; /* the table of tk_logistic_s16 */
} tk_lstm_s8_weights;

/* LSTM, int8 with int16 cell. For every unit, at every step, with h the output of the step before (at first `hidden`):
 *
 *     gate = sigmoid(limit(requantize(input_bias + input weights . x))
 *                    + limit(requantize(recurrent_bias + recurrent weights . h)))       (cell gate: tanh)
 *     cell = limit(limit(requantize(forget * cell)) + limit(requantize(input * cell gate)))
 *     y    = limit(requantize(tanh(cell) * output) + output_offset)
 *
 * Layout: x rows of `inputs`, y rows of `units` (tk_lstm_shape); hidden and cell [batch, units], read and written: at the
 * end hidden is the last output. Ranges: sums wrap around at 32 bits. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. (CMSIS-NN's arm_lstm_unidirectional_s8 saturates the sum of a gate's
 * two arguments only, and up to release 7.0.0 it clears the states at every call.) */
void tk_lstm_s8(const int8_t *x, const tk_lstm_s8_weights *weights, int8_t *hidden, int16_t *cell, int8_t *y,
                const tk_lstm_params *params);

#ifdef __cplusplus
}
#endif

#endif
