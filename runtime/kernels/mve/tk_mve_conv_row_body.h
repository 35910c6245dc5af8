/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_mve_conv_row_*: TK_VALUE is an element's type, TK_COLUMNS what makes columns, TK_GEMM the matrix
 * product. Internal. */
#ifndef TK_MVE_CONV_ROW_BODY_H
#define TK_MVE_CONV_ROW_BODY_H

#include "tk_mve_conv.h"

#ifdef TK_VALUE

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_mve_conv_row(const int8_t *const *rows, TK_VALUE *y, TK_VALUE *scratch, const tk_mve_conv *layer)
{
    if (layer->run_count == 0) {
        TK_GEMM((const TK_VALUE *)(const void *)rows[0], y, layer->pixels, &layer->gemm);
    }
    for (int32_t i = 0; i < layer->run_count; ++i) {
        const int32_t *run = layer->runs + i * TK_MVE_RUN_WORDS;

        TK_COLUMNS(rows, (int8_t *)scratch, run, &layer->columns);
        TK_GEMM(scratch, y + run[TK_MVE_RUN_Y], run[TK_MVE_RUN_PIXELS], &layer->gemm);
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
