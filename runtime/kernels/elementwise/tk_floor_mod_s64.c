/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_floor_mod_s64.h"

#include "tk_pairwise.h"

static inline int64_t modulus(int64_t a, int64_t b)
{
    if (b == 0 || b == -1) {
        return 0;
    }

    const int64_t rest = a % b;

    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

void tk_floor_mod_s64(const int64_t *x1, const int64_t *x2, int64_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s64(x1, x2, y, shape, modulus);
}
