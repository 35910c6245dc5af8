/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_lstm_s8.h"

#include "tk_mve_dense_signed_s16.h"
#include "tk_mve_lstm_cell_s8.h"

#define TK_VALUE int8_t
#define TK_DENSE tk_mve_dense_signed_s16
#define TK_CELL tk_mve_lstm_cell_s8
#include "tk_mve_lstm_body.h"

void tk_mve_lstm_s8(const int8_t *x, int8_t *hidden, int16_t *cell, int8_t *y, int16_t *gates, const tk_mve_lstm *layer)
{
    tk_mve_lstm_steps(x, hidden, cell, y, gates, layer);
}
