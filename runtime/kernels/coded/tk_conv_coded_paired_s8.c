/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_coded_paired_s8.h"

#include "tk_paired.h"

void tk_conv_coded_paired_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape, const tk_conv_coded_paired *conv,
                           uint32_t *restrict scratch, uint32_t *restrict tile, uint16_t *restrict lookup)
{
    tk_weight_reader reader = tk_open_weights(&conv->weights, lookup);
    tk_conv_paired_params params = conv->params;
    tk_conv_shape part = *shape;

    params.weights = (const uint8_t *)tile;
    for (int32_t c = 0; c < shape->out_c; c += conv->tile) {
        part.out_c = shape->out_c - c < conv->tile ? shape->out_c - c : conv->tile;
        tk_next_units(&reader, (part.out_c + 1) / 2, 2 * params.depth, (int8_t *)tile);
        for (int32_t i = 0; i < (part.out_c + 1) / 2 * 2 * params.depth / 4; ++i) {
            tile[i] ^= UINT32_C(0x80808080); /* in bytes without a sign */
        }
        tk_conv_paired_s8(x, y + c, &part, &params, scratch);
        params.codes += part.out_c * TK_PAIRED_CODE_WORDS;
    }
}
