/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_floor_div_s16.h"

#include "tk_pairwise.h"

static inline int16_t floor_quotient(int16_t a, int16_t b)
{
    if (b == 0) {
        return 0;
    }
    return (int16_t)((int32_t)a / b - (a % (int32_t)b != 0 && (a < 0) != (b < 0)));
}

void tk_floor_div_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s16(x1, x2, y, shape, floor_quotient);
}
