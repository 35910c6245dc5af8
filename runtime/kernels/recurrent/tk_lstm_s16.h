/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_S16_H
#define TK_LSTM_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As tk_lstm_s8_weights; all zero points are 0. */
typedef struct {
    const int8_t *input;     /* [units, 4, inputs] */
    const int8_t *recurrent; /* [units, 4, units] */
    const int64_t *bias;     /* [units, 4] */
    const int16_t *sigmoid;
} tk_lstm_s16_weights;

/* LSTM, int16 with int8 weights and int16 cell: as tk_lstm_s8, but sums have 64 bits and are rescaled as tk_requantize_s64 does
 * it (shifts up to 7), and there is no bias on the recurrent side.
 * Ranges: sums below 2^47. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_lstm_s16(const int16_t *x, const tk_lstm_s16_weights *weights, int16_t *hidden, int16_t *cell, int16_t *y,
                 const tk_lstm_params *params);

#ifdef __cplusplus
}
#endif

#endif
