/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_LSTM_S16_H
#define TK_MVE_LSTM_S16_H

#include "tk_mve_lstm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* LSTM, int16 with int8 weights and int16 cell: what tk_lstm_s16 computes. Every step is two matrix products, x and the output of the
 * step before (at first `hidden`), and tk_mve_lstm_cell_s16.
 *
 * Layout: x rows of input.depth, y rows of cell.units; hidden and cell [batch, units], read and written: at the end hidden
 * is the last output. gates: 8 * units elements, overwritten, and behind them so many that units are a multiple of 4, read.
 * Aliasing: none. Scratch: gates.
 * Exact: equals TensorFlow Lite Micro's reference kernel where tk_mve_dense_s16 does. */
void tk_mve_lstm_s16(const int16_t *x, int16_t *hidden, int16_t *cell, int16_t *y, int16_t *gates, const tk_mve_lstm *layer);

#ifdef __cplusplus
}
#endif

#endif
