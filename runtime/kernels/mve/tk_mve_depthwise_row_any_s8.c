/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_depthwise_row_any_s8.h"

#include "tk_mve_taps_s8.h"

void tk_mve_depthwise_row_any_s8(const int8_t *const *rows, int8_t *y, const tk_mve_depthwise_any *layer)
{
    const int8_t *taps[TK_MVE_MAX_TAPS];

    for (int32_t q = 0; q < layer->out_w; ++q) {
        int32_t count = 0;

        for (int32_t r = 0; r < layer->down.rows; ++r) {
            for (int32_t j = 0; j < layer->columns; ++j) {
                const int32_t column = q * layer->stride - layer->pad + j * layer->dilation;
                const int32_t inside = column >= 0 && column < layer->in_w;

                taps[count] = inside ? rows[r] + column * layer->taps.channels : layer->down.padding;
                count += 1;
            }
        }
        tk_mve_taps_s8(taps, y + q * layer->taps.channels, &layer->taps);
    }
}
