/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_lstm_s16.h"

#include "tk_mve_dense_s16.h"
#include "tk_mve_lstm_cell_s16.h"

#define TK_VALUE int16_t
#define TK_DENSE tk_mve_dense_s16
#define TK_CELL tk_mve_lstm_cell_s16
#include "tk_mve_lstm_body.h"

void tk_mve_lstm_s16(const int16_t *x, int16_t *hidden, int16_t *cell, int16_t *y, int16_t *gates, const tk_mve_lstm *layer)
{
    tk_mve_lstm_steps(x, hidden, cell, y, gates, layer);
}
