/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_max_pool_row_s8.h"

#include "tk_mve_maximum_s8.h"

void tk_mve_max_pool_row_s8(const int8_t *const *rows, int32_t count, int8_t *y, const tk_mve_pool *layer)
{
    tk_mve_pool_pixels(rows, count, y, layer, tk_mve_maximum_s8, NULL);
}
