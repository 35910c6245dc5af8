/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_bitwise_64.h"

#include <stdbool.h>

#include "tk_walk.h"

#define SIGN (UINT64_C(1) << 63)

static uint64_t right(uint64_t a, uint64_t b, bool has_sign)
{
    const uint64_t by = has_sign && (b & SIGN) != 0 ? 0 : b > 63 ? 63 : b;

    return has_sign && (a & SIGN) != 0 ? ~(~a >> by) : a >> by;
}

static uint64_t of_two(uint64_t a, uint64_t b, int32_t function, bool has_sign)
{
    switch (function) {
    case TK_BITS_AND:
        return a & b;
    case TK_BITS_OR:
        return a | b;
    case TK_BITS_XOR:
        return a ^ b;
    case TK_BITS_LEFT:
        return b < 64 ? a << b : 0;
    default:
        return right(a, b, has_sign);
    }
}

void tk_bitwise_64(const void *x1, const void *x2, void *y, const tk_broadcast *shape, int32_t function, int32_t has_sign)
{
    const uint64_t *const first = (const uint64_t *)x1;
    const uint64_t *const second = (const uint64_t *)x2;
    uint64_t *const to = (uint64_t *)y;
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();
    int32_t place = 0;

    do {
        for (int32_t i = 0; i < shape->dims[last]; ++i) {
            const uint64_t a = first[walk.offset1 + i * shape->stride1[last]];
            const uint64_t b = second[walk.offset2 + i * shape->stride2[last]];

            to[place++] = of_two(a, b, function, has_sign != 0);
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
