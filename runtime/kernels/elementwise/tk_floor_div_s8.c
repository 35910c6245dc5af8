/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_floor_div_s8.h"

#include "tk_pairwise.h"

static inline int8_t floor_quotient(int8_t a, int8_t b)
{
    if (b == 0) {
        return 0;
    }
    if (b == -1) {
        return (int8_t)-a;
    }
    return (int8_t)(a / b - (a % b != 0 && (a < 0) != (b < 0)));
}

void tk_floor_div_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s8(x1, x2, y, shape, floor_quotient);
}
