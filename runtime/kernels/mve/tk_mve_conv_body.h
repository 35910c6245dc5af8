/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_mve_conv_*: TK_VALUE is an element's type, TK_COLUMNS what makes columns, TK_GEMM the matrix
 * product, TK_ROW the kernel of a row. Internal. */
#ifndef TK_MVE_CONV_BODY_H
#define TK_MVE_CONV_BODY_H

#include "tk_mve_conv.h"

#ifdef TK_VALUE

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_mve_conv_images(const TK_VALUE *x, TK_VALUE *y, TK_VALUE *scratch, const tk_mve_conv *layer)
{
    const tk_mve_rows *down = &layer->down;
    const int8_t *rows[TK_MVE_MAX_ROWS];

    for (int32_t b = 0; b < down->batch; ++b) {
        const int8_t *image = (const int8_t *)x + b * down->in_h * down->in_row;
        TK_VALUE *result = y + b * down->out_h * down->out_row;
        int32_t i = 0;

        for (; layer->two.row_step != 0 && i < down->out_h - 1; i += 2) {
            for (int32_t j = 0; j < 2; ++j) {
                tk_mve_find_rows(image, i + j, down->rows, down, rows);
                TK_COLUMNS(rows, (int8_t *)(scratch + j * layer->two.row_step), layer->runs, &layer->columns);
            }
            TK_GEMM(scratch, result + i * down->out_row, layer->pixels, &layer->two);
        }
        for (; i < down->out_h; ++i) {
            tk_mve_find_rows(image, i, down->rows, down, rows);
            TK_ROW(rows, result + i * down->out_row, scratch, layer);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
