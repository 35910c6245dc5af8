/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_avg_pool_s16.h"

#include "tk_mve_average_s16.h"

void tk_mve_avg_pool_s16(const int16_t *x, int16_t *y, const tk_mve_pool *layer)
{
    tk_mve_pool_all((const int8_t *)x, (int8_t *)y, layer, tk_mve_average_s16, NULL);
}
