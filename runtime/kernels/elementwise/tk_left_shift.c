/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_left_shift.h"

#include "tk_bitwise.h"

static uint32_t shifted(uint32_t a, uint32_t b, int32_t type)
{
    return b < tk_bitwise_bits(type) ? a << b : 0;
}

void tk_left_shift(const void *x1, const void *x2, void *y, const tk_broadcast *shape, int32_t type)
{
    tk_bitwise(x1, x2, y, shape, type, shifted);
}
