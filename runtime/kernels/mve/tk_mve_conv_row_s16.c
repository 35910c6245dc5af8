/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_conv_row_s16.h"

#include "tk_mve_gemm_s16.h"

void tk_mve_conv_row_s16(const int8_t *const *rows, int16_t *y, int16_t *scratch, const tk_mve_conv *layer)
{
    if (layer->run_count == 0) {
        tk_mve_gemm_s16((const int16_t *)(const void *)rows[0], y, layer->pixels, &layer->gemm);
    }
    for (int32_t i = 0; i < layer->run_count; ++i) {
        const int32_t *run = layer->runs + i * TK_MVE_RUN_WORDS;

        tk_mve_columns_s8(rows, (int8_t *)scratch, run, &layer->columns);
        tk_mve_gemm_s16(scratch, y + run[TK_MVE_RUN_Y], run[TK_MVE_RUN_PIXELS], &layer->gemm);
    }
}
