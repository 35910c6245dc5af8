/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_CELL_DSP_S8_H
#define TK_LSTM_CELL_DSP_S8_H

#include "tk_lstm_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The units of an LSTM at one step. For each, with the arguments of its gates in units of 2^-12:
 *
 *     gate = sigmoid(SAT16(input + recurrent))        (cell gate: tanh; both from the table, by straight lines)
 *     cell = limit(SAT16(requantize(forget * cell)) + SAT16(requantize(input gate * cell gate)))
 *     y    = SAT8(requantize(tanh(cell) * output) + output_offset)
 *
 * Layout: input, recurrent [4, units rounded up to a multiple of 4] (input, forget, output, cell), of 16 bits; cell [units],
 * read and written; y [units]. Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_lstm_cell_dsp_s8(const int32_t *input, const int32_t *recurrent, int16_t *cell, int8_t *y, const tk_lstm_dsp_cell *layer);

#ifdef __cplusplus
}
#endif

#endif
