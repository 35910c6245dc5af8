/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lut_rows.h"

#include "tk_lut.h"

void tk_lut_rows(const void *x, const void *table, void *y, int32_t rows, int32_t columns, int32_t x_stride, int32_t y_stride)
{
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)y;

    for (int32_t row = 0; row < rows; ++row) {
        tk_lut(from + row * x_stride, table, to + row * y_stride, columns);
    }
}
