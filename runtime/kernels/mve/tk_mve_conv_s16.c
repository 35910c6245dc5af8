/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_conv_s16.h"

#include "tk_mve_conv_row_s16.h"
#include "tk_mve_gemm_s16.h"

void tk_mve_conv_s16(const int16_t *x, int16_t *y, int16_t *scratch, const tk_mve_conv *layer)
{
    const tk_mve_rows *down = &layer->down;
    const int8_t *rows[TK_MVE_MAX_ROWS];

    for (int32_t b = 0; b < down->batch; ++b) {
        const int8_t *image = (const int8_t *)x + b * down->in_h * down->in_row;
        int16_t *result = y + b * down->out_h * down->out_row;
        int32_t i = 0;

        for (; layer->two.row_step != 0 && i < down->out_h - 1; i += 2) {
            for (int32_t j = 0; j < 2; ++j) {
                tk_mve_find_rows(image, i + j, down->rows, down, rows);
                tk_mve_columns_s8(rows, (int8_t *)(scratch + j * layer->two.row_step), layer->runs, &layer->columns);
            }
            tk_mve_gemm_s16(scratch, result + i * down->out_row, layer->pixels, &layer->two);
        }
        for (; i < down->out_h; ++i) {
            tk_mve_find_rows(image, i, down->rows, down, rows);
            tk_mve_conv_row_s16(rows, result + i * down->out_row, scratch, layer);
        }
    }
}
