/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_columns_s8.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_columns_s8(const int8_t *const *x, int8_t *y, const int32_t *run, const tk_mve_columns *layer)
{
    const int32_t column = layer->rows * layer->bytes;
    const int32_t left = run[TK_MVE_RUN_LEFT];
    const int32_t end = left + run[TK_MVE_RUN_COLUMNS];

    for (int32_t j = 0; j < end + run[TK_MVE_RUN_RIGHT]; ++j) {
        for (int32_t r = 0; r < layer->rows; ++r) {
            for (int32_t i = 0; i < layer->bytes; ++i) {
                const int32_t inside = j >= left && j < end;

                y[j * column + r * layer->bytes + i] =
                    (int8_t)(inside ? x[r][run[TK_MVE_RUN_X] + (j - left) * layer->apart + i] : layer->zero_point);
            }
        }
    }
}

#endif
