/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_LITERT_S8_H
#define TK_LSTM_LITERT_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Weights gate by gate within each unit: gate g of unit u at u * gates + g. The gates: forget, output, cell, input; without the
 * last one (gates = 3) the input gate is 1 - forget. NULL stands for what is left out. Zero points are in the biases:
 * input_bias has minus the input's times the sum of the gate's weights added, recurrent_bias is minus the hidden state's times
 * the sum of the gate's weights, projection_bias has that of the result times the sum of the output's weights added. */
typedef struct {
    const int8_t *input;           /* [units, gates, inputs] */
    const int8_t *recurrent;       /* [units, gates, outputs] */
    const int32_t *input_bias;     /* [units, gates] */
    const int32_t *recurrent_bias; /* [units, gates] */
    const int16_t *peephole;       /* [units, gates], its entries for the cell gate 0; or NULL */
    const int16_t *layer_norm;     /* [units, gates]; or NULL */
    const int32_t *layer_norm_bias;
    const int8_t *projection;       /* [outputs, units]; or NULL: outputs = units */
    const int32_t *projection_bias; /* [outputs] */
} tk_lstm_litert_s8_weights;

/* One for each gate, in their order; as for tk_requantize. */
typedef struct {
    int32_t multiplier[4];
    int8_t shift[4];
} tk_lstm_rescale;

/* Sums become units of 2^-12 (`layer_norm`: from normalized arguments). The cell is in units of 2^cell_power, -15 to -9.
 * hidden_*: to the result's units, its zero point (before a projection: minus that) as offset. variance_guard >= 1: what a
 * variance of 0 counts as. A clip of 0: none. */
typedef struct {
    tk_lstm_shape shape;
    int32_t outputs;
    int32_t gates;
    tk_lstm_rescale input;
    tk_lstm_rescale recurrent;
    tk_lstm_rescale peephole;
    tk_lstm_rescale layer_norm;
    int32_t variance_guard[4];
    int32_t cell_power;
    int32_t cell_clip;
    int32_t hidden_multiplier;
    int32_t hidden_offset;
    int32_t projection_multiplier;
    int32_t projection_offset;
    int32_t projection_clip;
    int8_t hidden_shift;
    int8_t projection_shift;
} tk_lstm_litert_s8_params;

/* LSTM, int8 with int16 cell, in LiteRT's arithmetic. For every unit, at every step, with h the output of the step before (at
 * first `hidden`), each + saturating to 16 bits:
 *
 *     argument = requantize(input_bias + input . x) + requantize(recurrent_bias + recurrent . h)
 *                + requantize(peephole * cell)                           (output gate: the new cell)
 *     gate     = logistic(argument)                                      (cell gate: tanh)
 *     cell     = clip(forget * cell + input gate * cell gate)
 *     result   = limit(requantize(tanh(cell) * output) + hidden_offset)
 *     h = y    = result, or clip(limit(requantize(projection_bias + projection . result) + projection_offset))
 *
 * With layer_norm an argument is normalized over the units first, as (argument - mean) / deviation * layer_norm
 * + layer_norm_bias; the mean counts 1/1024, variance and deviation are integers.
 * Layout: x rows of `inputs`, y rows of `outputs` (tk_lstm_shape); hidden [batch, outputs] and cell [batch, units], read and
 * written. scratch: units * gates elements. Ranges: sums wrap around at 32 bits. Aliasing: none.
 * Exact: equals LiteRT's reference kernel. */
void tk_lstm_litert_s8(const int8_t *x, const tk_lstm_litert_s8_weights *weights, int8_t *hidden, int16_t *cell, int8_t *y,
                       int16_t *scratch, const tk_lstm_litert_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
