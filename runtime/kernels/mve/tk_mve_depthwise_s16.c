/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_depthwise_s16.h"

#include "tk_mve_depthwise_row_s16.h"

void tk_mve_depthwise_s16(const int16_t *x, int16_t *y, const tk_mve_depthwise_taps *layer)
{
    const tk_mve_rows *down = &layer->down;
    const int8_t *rows[TK_MVE_MAX_ROWS];

    for (int32_t b = 0; b < down->batch; ++b) {
        for (int32_t i = 0; i < down->out_h; ++i) {
            tk_mve_find_rows((const int8_t *)x + b * down->in_h * down->in_row, i, down->rows, down, rows);
            tk_mve_depthwise_row_s16(rows, y + (b * down->out_h + i) * down->out_row, layer);
        }
    }
}
