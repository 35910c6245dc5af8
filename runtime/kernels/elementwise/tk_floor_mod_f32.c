/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_floor_mod_f32.h"

#include <math.h>

#include "tk_pairwise.h"

static inline float modulus(float a, float b)
{
    const float rest = fmodf(a, b);

    return rest != 0.0f && (b < 0.0f) != (rest < 0.0f) ? rest + b : rest;
}

void tk_floor_mod_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape)
{
    tk_pairwise_f32(x1, x2, y, shape, modulus);
}
