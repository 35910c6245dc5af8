/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mean_even_s16.h"

#define TK_MEAN_EVEN_BITS 16
#include "tk_mean_even_body.h"

void tk_mean_even_s16(const int16_t *restrict x, int16_t *restrict y, int32_t *restrict acc, const tk_reduce *shape,
                      const tk_mean_s8_params *params)
{
    tk_mean_even(x, y, acc, shape, params, INT16_MIN, INT16_MAX);
}
