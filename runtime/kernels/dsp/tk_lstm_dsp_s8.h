/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_DSP_S8_H
#define TK_LSTM_DSP_S8_H

#include "tk_lstm_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* LSTM, int8 with int16 cell: what tk_lstm_s8 computes. Every step is two matrix layers, of x and of the output of the step before (at
 * first `hidden`), and tk_lstm_cell_dsp_s8.
 *
 * Layout: x rows of `inputs`, y rows of cell.units; hidden and cell [batch, units], read and written: at the end hidden is the
 * last output. gates: input.outputs and recurrent.outputs words, then 2 bytes for each of the larger depth.
 * Aliasing: none. Scratch: gates. Exact: equals TensorFlow Lite Micro's reference kernel, where the conditions of
 * tk_dense.h hold. */
void tk_lstm_dsp_s8(const int8_t *x, int8_t *hidden, int16_t *cell, int8_t *y, int32_t *gates, const tk_lstm_dsp *layer);

#ifdef __cplusplus
}
#endif

#endif
