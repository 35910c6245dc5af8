/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_prod_s16.h"

#define TK_VALUE int16_t
#include "tk_prod_body.h"

void tk_prod_s16(const int16_t *restrict x, int16_t *restrict y, int32_t *restrict acc, const tk_reduce *shape,
                 const tk_prod_params *params)
{
    tk_prod(x, y, acc, shape, params, INT16_MIN, INT16_MAX);
}
