/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_floor_mod_s16.h"

#include "tk_pairwise.h"

static inline int16_t modulus(int16_t a, int16_t b)
{
    if (b == 0 || b == -1) {
        return 0;
    }

    const int32_t rest = a % b;

    return (int16_t)(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
}

void tk_floor_mod_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s16(x1, x2, y, shape, modulus);
}
