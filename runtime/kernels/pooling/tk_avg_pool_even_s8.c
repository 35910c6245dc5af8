/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_avg_pool_even_s8.h"

#include "tk_avg_pool_even_body.h"

void tk_avg_pool_even_s8(const int8_t *restrict x, const int32_t *restrict multiplier, const int8_t *restrict shift,
                         int8_t *restrict y, const tk_conv_shape *shape, int32_t by_count, int32_t x_zero_point,
                         int32_t y_zero_point, int32_t min, int32_t max)
{
    tk_avg_pool_even(x, multiplier, shift, y, shape, by_count, x_zero_point, y_zero_point, min, max);
}
