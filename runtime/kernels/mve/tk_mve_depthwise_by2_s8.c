/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_depthwise_by2_s8.h"

#include "tk_mve_cells_by2_s8.h"
#include "tk_mve_cells_s8.h"

void tk_mve_depthwise_by2_s8(const int8_t *x, int8_t *y, int8_t *scratch, const tk_mve_depthwise *layer)
{
    tk_mve_depthwise_all(x, y, scratch, layer, tk_mve_cells_by2_s8);
}
