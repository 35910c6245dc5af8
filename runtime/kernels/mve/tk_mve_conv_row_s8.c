/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_conv_row_s8.h"

#include "tk_mve_gemm_s8.h"

void tk_mve_conv_row_s8(const int8_t *const *rows, int8_t *y, int8_t *scratch, const tk_mve_conv *layer)
{
    if (layer->run_count == 0) {
        tk_mve_gemm_s8(rows[0], y, layer->pixels, &layer->gemm);
    }
    for (int32_t i = 0; i < layer->run_count; ++i) {
        const int32_t *run = layer->runs + i * TK_MVE_RUN_WORDS;

        tk_mve_columns_s8(rows, scratch, run, &layer->columns);
        tk_mve_gemm_s8(scratch, y + run[TK_MVE_RUN_Y], run[TK_MVE_RUN_PIXELS], &layer->gemm);
    }
}
