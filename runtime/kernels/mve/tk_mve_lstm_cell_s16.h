/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_LSTM_CELL_S16_H
#define TK_MVE_LSTM_CELL_S16_H

#include "tk_mve_lstm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The units of an LSTM at one step, with results of 16 bits. For each, with the arguments of its gates in units of 2^-12:
 *
 *     gate = sigmoid(saturated(input + recurrent))        (cell gate: tanh; both from the table, by straight lines)
 *     cell = limit(saturated(requantize(forget * cell)) + saturated(requantize(input gate * cell gate)))
 *     y    = saturated(requantize(tanh(cell) * output) + output_offset)
 *
 * Layout: input, recurrent [4, units] (input, forget, output, cell), of which up to 3 elements beyond the last may be read;
 * cell [units], read and written; y [units]. Aliasing: none. Scratch: none; 88 bytes of stack.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mve_lstm_cell_s16(const int16_t *input, const int16_t *recurrent, int16_t *cell, int16_t *y,
                          const tk_mve_lstm_cell *layer);

#ifdef __cplusplus
}
#endif

#endif
