/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sub_s16.h"

#include "tk_sum_s16.h"

void tk_sub_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape,
                const tk_add_s16_params *params)
{
    tk_sum_s16(x1, x2, y, shape, params, -1);
}
