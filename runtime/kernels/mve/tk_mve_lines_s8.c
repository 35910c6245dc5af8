/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_lines_s8.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

/* The products of one output. */
static int32_t sum_pieces(const int8_t *x, const int8_t *fields, const tk_mve_lines *layer)
{
    const int32_t zeros = 3 * layer->stride;
    const int32_t *piece = layer->pieces;
    int32_t sum = 0;

    for (;;) {
        for (int32_t i = 0; i < 16 - zeros; ++i) {
            sum += fields[zeros + i] != 0 ? x[i] * fields[zeros + i] : 0; /* what nobody wrote has no weight */
        }
        if (*piece == INT32_MIN) {
            return sum;
        }
        x += *piece + 8 * layer->stride;
        fields += layer->field;
        piece += 1;
    }
}

void tk_mve_lines_s8(const int8_t *planes, int8_t *y, const tk_mve_lines *layer, int32_t channel, int32_t count)
{
    for (int32_t o = 0; o < count * layer->multiplier; ++o) {
        const int32_t out = channel * layer->multiplier + o;
        const int8_t *stream = layer->weights + out * layer->stream;
        const int8_t *plane = planes + o / layer->multiplier * layer->plane;

        for (int32_t q = 0; q < layer->out_w; ++q) {
            const int32_t acc = sum_pieces(plane + q * layer->stride, stream + 12, layer) + tk_mve_word(stream, 0);

            y[q * layer->pixel + out]
                = tk_mve_twice(acc, tk_mve_word(stream, 1), -tk_mve_word(stream, 2), layer->offset, layer->min, layer->max);
        }
    }
}

#endif
