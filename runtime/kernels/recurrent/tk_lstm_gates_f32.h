/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_GATES_F32_H
#define TK_LSTM_GATES_F32_H

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

/* One step of tk_lstm_f32 without its products. gates [units, gates]: bias (zero if normalized) + input . x + recurrent . h.
 * The cell becomes the new one, and the first `units` floats of gates become activate(cell) * output.
 * Of the weights, `peephole`, `layer_norm` and `bias` are read. Aliasing: none. Scratch: none. */
void tk_lstm_gates_f32(float *gates, const tk_lstm_f32_weights *weights, float *cell, const tk_lstm_f32_params *params);

#ifdef __cplusplus
}
#endif

#endif
