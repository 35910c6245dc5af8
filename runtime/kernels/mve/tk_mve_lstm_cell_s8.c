/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_lstm_cell_s8.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

/* By straight lines between the words of the table, 2^bits apart, to units of 2^-(16 + bits). v >= 0. */
static int32_t curve(const int32_t *table, int32_t v, int32_t bits)
{
    const int32_t place = v < ((int32_t)255 << bits) ? v : (int32_t)255 << bits;
    const int32_t word = table[place >> bits];
    const int32_t value = word & 0xFFFF;

    return value * ((int32_t)1 << bits) + (place & (((int32_t)1 << bits) - 1)) * (word >> 16);
}

static int32_t sigmoid(const int32_t *table, int32_t argument)
{
    const int32_t v = 3 * argument;
    const int32_t upper = curve(table, v < 0 ? -v : v, 9);

    return ((v < 0 ? -upper - 1 : upper) + ((int32_t)1 << 24) + 512) >> 10;
}

/* v counts 1/12288. */
static int32_t tangent(const int32_t *table, int32_t v)
{
    const int32_t upper = curve(table, v < 0 ? -v : v, 8);

    return ((v < 0 ? -upper - 1 : upper) + 128) >> 8;
}

void tk_mve_lstm_cell_s8(const int16_t *input, const int16_t *recurrent, int16_t *cell, int8_t *y,
                         const tk_mve_lstm_cell *layer)
{
    const tk_mve_lstm_cell *l = layer;
    const int32_t half = l->tanh_minus_shift < 0 ? (int32_t)(UINT32_C(1) << (-l->tanh_minus_shift - 1)) : 0;

    for (int32_t u = 0; u < l->units; ++u) {
        int32_t gate[4];

        for (int32_t g = 0; g < 4; ++g) {
            const int32_t argument = tk_mve_wide((int32_t)input[g * l->units + u] + recurrent[g * l->units + u]);

            gate[g] = g < 3 ? sigmoid(l->table, argument) : tangent(l->table, 3 * argument);
        }

        const int32_t added
            = tk_mve_wide(tk_mve_requantized(gate[0] * gate[3], l->update_multiplier, -l->update_minus_shift));
        const int32_t kept
            = tk_mve_wide(tk_mve_requantized(gate[1] * cell[u], l->forget_multiplier, -l->forget_minus_shift));
        const int32_t sum = kept + added;
        const int32_t limited = sum < l->cell_min ? l->cell_min : sum > l->cell_max ? l->cell_max : sum;
        const int32_t argument = (limited * l->tanh_multiplier + half) >> -l->tanh_minus_shift;
        const int32_t product = tangent(l->table, argument) * gate[2];
        const int32_t scaled = tk_mve_requantized(product, l->output_multiplier, -l->output_minus_shift);
        const int32_t code = tk_mve_wrapped(scaled, l->output_offset);

        cell[u] = (int16_t)limited;
        y[u] = (int8_t)(code > INT8_MAX ? INT8_MAX : code < INT8_MIN ? INT8_MIN : code);
    }
}

#endif
