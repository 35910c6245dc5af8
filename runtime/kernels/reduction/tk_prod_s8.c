/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_prod_s8.h"

#define TK_VALUE int8_t
#include "tk_prod_body.h"

void tk_prod_s8(const int8_t *restrict x, int8_t *restrict y, int32_t *restrict acc, const tk_reduce *shape,
                const tk_prod_params *params)
{
    tk_prod(x, y, acc, shape, params, INT8_MIN, INT8_MAX);
}
