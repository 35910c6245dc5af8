/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_squared_difference_f32.h"

#include "tk_pairwise.h"

static inline float square_of_difference(float a, float b)
{
    const float difference = a - b;

    return difference * difference;
}

void tk_squared_difference_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape)
{
    tk_pairwise_f32(x1, x2, y, shape, square_of_difference);
}
