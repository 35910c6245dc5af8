/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LSTM_DSP_H
#define TK_LSTM_DSP_H

#include "tk_dense.h"
#include "tk_rescale_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* half: 2^(shift - 1), 0 without a shift. */
typedef struct {
    int32_t multiplier;
    int32_t half;
    int32_t shift;
} tk_lstm_dsp_scale;

/* What becomes of the arguments of the gates. Shifts are 1..31, tanh's 0..31.
 * table: 256 words; the lower half of word i is sigmoid(i / 24) - 1/2 in units of 2^-16, the upper half what the next one has
 * more; the last word is 32767.
 * update: of input gate * cell gate; forget: of forget gate * cell, both to units of the cell, which is kept between cell_min and
 * cell_max; tanh: from the cell to 1/12288; output: of output gate * tanh(cell) to units of y. */
typedef struct {
    const int32_t *table;
    int32_t units;
    tk_lstm_dsp_scale update;
    tk_lstm_dsp_scale forget;
    int32_t cell_min;
    int32_t cell_max;
    tk_lstm_dsp_scale tanh;
    tk_lstm_dsp_scale output;
    int32_t output_offset;
} tk_lstm_dsp_cell;

/* input, recurrent: of tk_dense_sums_s8, x and the output of the step before to the arguments of the gates; gate g (input, forget,
 * output, cell) of unit u is output g * group + u, group is the units rounded up to a multiple of 4; scales: of each gate, of input,
 * then of recurrent. Rows of x (`inputs`) and y: step t of sequence b is row b * batch_rows + t * step_rows. */
typedef struct {
    tk_dense_params input;
    tk_dense_params recurrent;
    const tk_scale_s16 *scales;
    tk_lstm_dsp_cell cell;
    int32_t inputs;
    int32_t batch;
    int32_t steps;
    int32_t batch_rows;
    int32_t step_rows;
} tk_lstm_dsp;

#ifdef __cplusplus
}
#endif

#endif
