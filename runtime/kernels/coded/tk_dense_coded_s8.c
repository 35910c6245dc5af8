/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_coded_s8.h"

void tk_dense_coded_s8(const int8_t *restrict x, const uint32_t *restrict codes, int8_t *restrict y, const tk_dense_coded *restrict dense,
                       int8_t *restrict tile, uint16_t *restrict lookup)
{
    tk_weight_reader reader = tk_open_weights(&dense->weights, lookup);
    tk_dense_folded part = dense->params;
    const int32_t batch = part.batch;
    const int32_t outputs = part.outputs;

    part.batch = 1;
    for (int32_t o = 0; o < outputs; o += dense->tile) {
        part.outputs = outputs - o < dense->tile ? outputs - o : dense->tile;
        tk_next_units(&reader, part.outputs, part.depth, tile);
        for (int32_t b = 0; b < batch; ++b) {
            tk_dense_folded_s8(x + b * part.depth, tile, codes, y + b * outputs + o, &part);
        }
        codes += part.outputs * part.step;
        if (part.starts != 0) {
            part.starts += part.outputs;
        }
    }
}
