/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_shift_rows.h"

#include <string.h>

#include "tk_move_rows.h"

void tk_shift_rows(const void *x, void *y, int32_t kept_bytes, int32_t x_bytes)
{
    uint8_t *const rows = (uint8_t *)y;

    tk_move_rows(rows, rows + x_bytes, kept_bytes);
    memcpy(rows + kept_bytes, x, (size_t)x_bytes);
}
