/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sub_s64.h"

#include "tk_pairwise.h"

static inline int64_t difference(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

void tk_sub_s64(const int64_t *x1, const int64_t *x2, int64_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s64(x1, x2, y, shape, difference);
}
