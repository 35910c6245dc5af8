/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_coded_long_s8.h"

#include "tk_folded.h"

void tk_conv_coded_long_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape, const tk_conv_coded_long *conv,
                           int32_t *restrict scratch, int8_t *restrict tile, uint16_t *restrict lookup)
{
    tk_weight_reader reader = tk_open_weights(&conv->weights, lookup);
    tk_conv_long_params params = conv->params;
    tk_conv_shape part = *shape;

    params.weights = tile;
    for (int32_t c = 0; c < shape->out_c; c += conv->tile) {
        part.out_c = shape->out_c - c < conv->tile ? shape->out_c - c : conv->tile;
        tk_next_units(&reader, (part.out_c + 3) / 4, 4 * params.depth, tile);
        tk_conv_long_s8(x, y + c, &part, &params, scratch);
        params.codes += part.out_c * TK_FOLDED_WORDS;
    }
}
