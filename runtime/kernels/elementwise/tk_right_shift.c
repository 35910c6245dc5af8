/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_right_shift.h"

#include "tk_bitwise.h"

static uint32_t shifted(uint32_t a, uint32_t b, int32_t type)
{
    const bool has_sign = tk_bitwise_signed(type);
    const uint32_t last = tk_bitwise_bits(type) - 1u;
    const uint32_t sign = UINT32_C(1) << 31;
    uint32_t by = b;

    if (has_sign && (b & sign) != 0) {
        by = 0;
    } else if (b > last) {
        by = last;
    }
    if (has_sign && (a & sign) != 0) {
        return ~(~a >> by);
    }
    return a >> by;
}

void tk_right_shift(const void *x1, const void *x2, void *y, const tk_broadcast *shape, int32_t type)
{
    tk_bitwise(x1, x2, y, shape, type, shifted);
}
