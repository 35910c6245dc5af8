/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_copy_rows.h"

#include <string.h>

void tk_copy_rows(const void *restrict x, void *restrict y, int32_t rows, int32_t row_bytes, int32_t x_stride_bytes,
                  int32_t y_stride_bytes)
{
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)y;

    for (int32_t row = 0; row < rows; ++row) {
        memcpy(to + row * y_stride_bytes, from + row * x_stride_bytes, (size_t)row_bytes);
    }
}
