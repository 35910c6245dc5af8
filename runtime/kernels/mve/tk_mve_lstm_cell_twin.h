/* SPDX-License-Identifier: Apache-2.0 */
/* A unit of an LSTM at one step, in C: what tk_mve_lstm_cell_s8 and tk_mve_lstm_cell_s16 share. Internal. */
#ifndef TK_MVE_LSTM_CELL_TWIN_H
#define TK_MVE_LSTM_CELL_TWIN_H

#include "tk_mve_lstm.h"
#include "tk_mve_stream.h"

/* By straight lines between the words of the table, 2^bits apart, to units of 2^-(16 + bits). v >= 0. */
static inline int32_t tk_mve_lstm_curve(const int32_t *table, int32_t v, int32_t bits)
{
    const int32_t place = v < ((int32_t)255 << bits) ? v : (int32_t)255 << bits;
    const int32_t word = table[place >> bits];
    const int32_t value = word & 0xFFFF;

    return value * ((int32_t)1 << bits) + (place & (((int32_t)1 << bits) - 1)) * (word >> 16);
}

static inline int32_t tk_mve_lstm_sigmoid(const int32_t *table, int32_t argument)
{
    const int32_t v = 3 * argument;
    const int32_t upper = tk_mve_lstm_curve(table, v < 0 ? -v : v, 9);

    return ((v < 0 ? -upper - 1 : upper) + ((int32_t)1 << 24) + 512) >> 10;
}

/* v counts 1/12288. */
static inline int32_t tk_mve_lstm_tangent(const int32_t *table, int32_t v)
{
    const int32_t upper = tk_mve_lstm_curve(table, v < 0 ? -v : v, 8);

    return ((v < 0 ? -upper - 1 : upper) + 128) >> 8;
}

/* Unit u: its cell, and the result before saturation. */
static inline int32_t tk_mve_lstm_unit(const int16_t *input, const int16_t *recurrent, int16_t *cell, int32_t u,
                                       const tk_mve_lstm_cell *layer)
{
    const tk_mve_lstm_cell *l = layer;
    const int32_t half = l->tanh_minus_shift < 0 ? (int32_t)(UINT32_C(1) << (-l->tanh_minus_shift - 1)) : 0;
    int32_t gate[4];

    for (int32_t g = 0; g < 4; ++g) {
        const int32_t argument = tk_mve_wide((int32_t)input[g * l->units + u] + recurrent[g * l->units + u]);

        gate[g] = g < 3 ? tk_mve_lstm_sigmoid(l->table, argument) : tk_mve_lstm_tangent(l->table, 3 * argument);
    }

    const int32_t added = tk_mve_wide(tk_mve_requantized(gate[0] * gate[3], l->update_multiplier, -l->update_minus_shift));
    const int32_t kept = tk_mve_wide(tk_mve_requantized(gate[1] * cell[u], l->forget_multiplier, -l->forget_minus_shift));
    const int32_t sum = kept + added;
    const int32_t limited = sum < l->cell_min ? l->cell_min : sum > l->cell_max ? l->cell_max : sum;
    const int32_t argument = (limited * l->tanh_multiplier + half) >> -l->tanh_minus_shift;
    const int32_t product = tk_mve_lstm_tangent(l->table, argument) * gate[2];

    cell[u] = (int16_t)limited;
    return tk_mve_wrapped(tk_mve_requantized(product, l->output_multiplier, -l->output_minus_shift), l->output_offset);
}

#endif
