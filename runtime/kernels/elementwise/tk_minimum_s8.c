/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_minimum_s8.h"

#include "tk_pairwise.h"

static inline int8_t smaller(int8_t a, int8_t b)
{
    return a < b ? a : b;
}

void tk_minimum_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s8(x1, x2, y, shape, smaller);
}
