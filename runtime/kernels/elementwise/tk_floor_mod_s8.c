/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_floor_mod_s8.h"

#include "tk_pairwise.h"

static inline int8_t modulus(int8_t a, int8_t b)
{
    if (b == 0 || b == -1) {
        return 0;
    }

    const int32_t rest = a % b;

    return (int8_t)(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
}

void tk_floor_mod_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s8(x1, x2, y, shape, modulus);
}
