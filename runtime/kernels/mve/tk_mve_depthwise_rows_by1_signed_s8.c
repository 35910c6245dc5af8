/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_depthwise_rows_by1_signed_s8.h"

#include "tk_mve_cells_by1_signed_s8.h"
#include "tk_mve_cells_s8.h"

void tk_mve_depthwise_rows_by1_signed_s8(const int8_t *const *rows, int8_t *y, int8_t *scratch, int32_t out_rows,
                                         const tk_mve_depthwise *layer)
{
    tk_mve_depthwise_block(rows, y, scratch, out_rows, layer, tk_mve_cells_by1_signed_s8);
}
