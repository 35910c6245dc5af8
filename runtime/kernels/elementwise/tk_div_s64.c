/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_div_s64.h"

#include "tk_pairwise.h"

static inline int64_t quotient(int64_t a, int64_t b)
{
    if (b == 0) {
        return 0;
    }
    if (b == -1) {
        return (int64_t)(0u - (uint64_t)a);
    }
    return a / b;
}

void tk_div_s64(const int64_t *x1, const int64_t *x2, int64_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s64(x1, x2, y, shape, quotient);
}
