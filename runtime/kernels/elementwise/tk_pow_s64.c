/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_pow_s64.h"

#include "tk_pairwise.h"

static inline int64_t power(int64_t a, int64_t b)
{
    uint64_t result = 1;
    uint64_t square = (uint64_t)a;

    for (int64_t exponent = b; exponent > 0; exponent /= 2) {
        result *= exponent % 2 != 0 ? square : 1u;
        square *= square;
    }
    return (int64_t)result;
}

void tk_pow_s64(const int64_t *x1, const int64_t *x2, int64_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s64(x1, x2, y, shape, power);
}
