/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_bitwise_and.h"

#include "tk_bitwise.h"

static uint32_t both(uint32_t a, uint32_t b, int32_t type)
{
    (void)type;
    return a & b;
}

void tk_bitwise_and(const void *x1, const void *x2, void *y, const tk_broadcast *shape, int32_t type)
{
    tk_bitwise(x1, x2, y, shape, type, both);
}
