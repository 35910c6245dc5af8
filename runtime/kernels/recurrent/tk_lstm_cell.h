/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_CELL_H
#define TK_LSTM_CELL_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The gates of an integer LSTM, in the order in which its kernels hold them. */
enum { TK_LSTM_INPUT, TK_LSTM_FORGET, TK_LSTM_OUTPUT, TK_LSTM_CELL, TK_LSTM_GATES };

/* What becomes of the gates of one unit of tk_lstm_s8 or tk_lstm_s16:
 *
 *     cell = limit(limit(requantize(forget * cell)) + limit(requantize(input * cell gate)))
 *     y    = requantize(tanh(cell) * output) + output_offset, not clamped
 *
 * gate: their TK_LSTM_GATES arguments in units of 2^-12; overwritten. sigmoid: the table of tk_logistic_s16.
 * Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_lstm_cell(int16_t *gate, int16_t *cell, const int16_t *sigmoid, const tk_lstm_params *params, int32_t *y);

#ifdef __cplusplus
}
#endif

#endif
