/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_F32_H
#define TK_LSTM_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Weights gate by gate within each unit: gate g of unit u at u * gates + g. The gates: forget, output, cell, input; without the
 * last one (gates = 3) the input gate is 1 - forget. NULL stands for what is left out. */
typedef struct {
    const float *input;           /* [units, gates, inputs] */
    const float *recurrent;       /* [units, gates, outputs] */
    const float *bias;            /* [units, gates] */
    const float *peephole;        /* [units, gates], its entries for the cell gate 0; or NULL */
    const float *layer_norm;      /* [units, gates]; or NULL */
    const float *projection;      /* [outputs, units]; or NULL: outputs = units */
    const float *projection_bias; /* [outputs]; or NULL */
} tk_lstm_f32_weights;

/* Step t of sequence b reads row b * batch_rows + t * step_rows of x and writes that of y, whose rows are y_pitch apart; with
 * `reverse` the last step comes first. A clip of 0: none. activation: a number of tk_activation_f32.h. */
typedef struct {
    int32_t batch;
    int32_t steps;
    int32_t inputs;
    int32_t units;
    int32_t outputs;
    int32_t gates;
    int32_t batch_rows;
    int32_t step_rows;
    int32_t y_pitch;
    int32_t reverse;
    int32_t activation;
    float cell_clip;
    float projection_clip;
} tk_lstm_f32_params;

/* LSTM, float32. For every unit, at every step, with h the output of the step before (`hidden`):
 *
 *     argument = bias + input . x + recurrent . h + peephole * cell     (output gate: the new cell)
 *     gate     = sigmoid(argument)                                      (cell gate: activate)
 *     cell     = clip(forget * cell + input gate * cell gate)
 *     h = y    = activate(cell) * output, or clip(projection_bias + projection . that)
 *
 * With layer_norm an argument is normalized over the units before its bias: (a - mean) / sqrt(variance + 1e-8) * layer_norm.
 * Layout: x rows of `inputs`; hidden [batch, outputs] and cell [batch, units], read and written. scratch: units * gates floats.
 * Aliasing: none. Float sums: within rounding of the reference kernels of TensorFlow Lite Micro and LiteRT. */
void tk_lstm_f32(const float *x, const tk_lstm_f32_weights *weights, float *hidden, float *cell, float *y, float *scratch,
                 const tk_lstm_f32_params *params);

#ifdef __cplusplus
}
#endif

#endif
