/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_cell_dsp_s8.h"

#if !TK_DSP_ASM

static int32_t saturated(int32_t x)
{
    return x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x;
}

/* By straight lines between the words of the table, 2^bits apart, to units of 2^-(16 + bits); minus that and 1 where v is negative. */
static int32_t curve(const int32_t *table, int32_t v, int32_t bits)
{
    const int32_t all = v < 0 ? -v : v;
    const int32_t place = all > 65535 && bits == 8 ? 65535 : all;
    const int32_t word = table[place >> bits];
    const int32_t upper = (word & 0xFFFF) * ((int32_t)1 << bits) + (place & (((int32_t)1 << bits) - 1)) * (word >> 16);

    return v < 0 ? -upper - 1 : upper;
}

static int32_t sigmoid(const int32_t *table, int32_t argument)
{
    return (curve(table, 3 * argument, 9) + ((int32_t)1 << 24) + 512) >> 10;
}

/* v counts 1/12288. */
static int32_t tangent(const int32_t *table, int32_t v)
{
    return (curve(table, v, 8) + 128) >> 8;
}

static int32_t requantized(int32_t product, const tk_lstm_dsp_scale *scale)
{
    const int32_t s = (int32_t)((((int64_t)product * 2) * scale->multiplier + ((int64_t)1 << 31)) >> 32);

    return (s - (s < 0) + scale->half) >> scale->shift;
}

void tk_lstm_cell_dsp_s8(const int32_t *input, const int32_t *recurrent, int16_t *cell, int8_t *y, const tk_lstm_dsp_cell *layer)
{
    const tk_lstm_dsp_cell *l = layer;
    const int32_t group = (l->units + 3) / 4 * 4;

    for (int32_t u = 0; u < l->units; ++u) {
        int32_t gate[4];

        for (int32_t g = 0; g < 4; ++g) {
            const int32_t argument = saturated(input[g * group + u] + recurrent[g * group + u]);

            gate[g] = g < 3 ? sigmoid(l->table, argument) : tangent(l->table, 3 * argument);
        }

        const int32_t added = saturated(requantized(gate[0] * gate[3], &l->update));
        const int32_t kept = saturated(requantized(gate[1] * cell[u], &l->forget));
        const int32_t sum = kept + added;
        const int32_t limited = sum < l->cell_min ? l->cell_min : sum > l->cell_max ? l->cell_max : sum;
        const int32_t bent = tangent(l->table, (limited * l->tanh.multiplier + l->tanh.half) >> l->tanh.shift);

        cell[u] = (int16_t)limited;
        y[u] = tk_ssat8(requantized(bent * gate[2], &l->output) + l->output_offset);
    }
}

#endif
