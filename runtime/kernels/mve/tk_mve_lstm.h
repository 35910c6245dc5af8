/* SPDX-License-Identifier: Apache-2.0 */
/* LSTM of int8 and of int16 on Helium: what its functions share. */
#ifndef TK_MVE_LSTM_H
#define TK_MVE_LSTM_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What becomes of the arguments of the gates. Shifts are -31..0, and negative but for tanh_minus_shift.
 * table: 256 words; the lower half of word i is sigmoid(i / 24) - 1/2 in units of 2^-16, the upper half what the next one has
 * more; the last word is 32767.
 * forget_*: forget gate * cell; update_*: input gate * cell gate, both to units of the cell, which is kept between cell_min and
 * cell_max; tanh_*: from the cell to 1/12288; output_*: output gate * tanh(cell) to units of y. */
typedef struct {
    const int32_t *table;
    int32_t units;
    int32_t update_multiplier;
    int32_t update_minus_shift;
    int32_t forget_multiplier;
    int32_t forget_minus_shift;
    int32_t cell_min;
    int32_t cell_max;
    int32_t tanh_multiplier;
    int32_t tanh_minus_shift;
    int32_t output_multiplier;
    int32_t output_minus_shift;
    int32_t output_offset;
} tk_mve_lstm_cell;

/* input, recurrent: of tk_mve_dense_signed_s16, where x is int16 of tk_mve_dense_s16; gate g (input, forget, output, cell) of unit u is
 * their channel g * units + u.
 * Rows of x and y: step t of sequence b is row b * batch_rows + t * step_rows. */
typedef struct {
    tk_mve_gemm input;
    tk_mve_gemm recurrent;
    tk_mve_lstm_cell cell;
    int32_t batch;
    int32_t steps;
    int32_t batch_rows;
    int32_t step_rows;
} tk_mve_lstm;

#ifdef __cplusplus
}
#endif

#endif
