/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_maximum_s16.h"

#include "tk_pairwise.h"

static inline int16_t larger(int16_t a, int16_t b)
{
    return a > b ? a : b;
}

void tk_maximum_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s16(x1, x2, y, shape, larger);
}
