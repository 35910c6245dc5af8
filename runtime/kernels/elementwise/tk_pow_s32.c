/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_pow_s32.h"

#include "tk_pairwise.h"

static inline int32_t power(int32_t a, int32_t b)
{
    uint32_t result = 1;
    uint32_t square = (uint32_t)a;

    for (int32_t exponent = b; exponent > 0; exponent /= 2) {
        result *= exponent % 2 != 0 ? square : 1u;
        square *= square;
    }
    return (int32_t)result;
}

void tk_pow_s32(const int32_t *x1, const int32_t *x2, int32_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s32(x1, x2, y, shape, power);
}
