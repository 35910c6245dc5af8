/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_floor_div_s32.h"

#include "tk_pairwise.h"

static inline int32_t floor_quotient(int32_t a, int32_t b)
{
    if (b == 0) {
        return 0;
    }
    if (b == -1) {
        return (int32_t)(0u - (uint32_t)a);
    }
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

void tk_floor_div_s32(const int32_t *x1, const int32_t *x2, int32_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s32(x1, x2, y, shape, floor_quotient);
}
