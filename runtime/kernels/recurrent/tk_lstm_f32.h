/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_F32_H
#define TK_LSTM_F32_H

#include "tk_lstm_gates_f32.h"

#ifdef __cplusplus
extern "C" {
#endif

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
