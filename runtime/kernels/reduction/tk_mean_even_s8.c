/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mean_even_s8.h"

#include "tk_mean_even_body.h"

void tk_mean_even_s8(const int8_t *restrict x, int8_t *restrict y, int32_t *restrict acc, const tk_reduce *shape,
                     const tk_mean_s8_params *params)
{
    tk_mean_even(x, y, acc, shape, params, INT8_MIN, INT8_MAX);
}
