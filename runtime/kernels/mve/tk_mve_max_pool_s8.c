/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_max_pool_s8.h"

#include "tk_mve_maximum_s8.h"

void tk_mve_max_pool_s8(const int8_t *x, int8_t *y, const tk_mve_pool *layer)
{
    tk_mve_pool_all(x, y, layer, tk_mve_maximum_s8, NULL);
}
