/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_floor_mod_s32.h"

#include "tk_pairwise.h"

static inline int32_t modulus(int32_t a, int32_t b)
{
    if (b == 0 || b == -1) {
        return 0;
    }

    const int32_t rest = a % b;

    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

void tk_floor_mod_s32(const int32_t *x1, const int32_t *x2, int32_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s32(x1, x2, y, shape, modulus);
}
