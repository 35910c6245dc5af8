/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_div_s8.h"

#include "tk_fixed_point.h"
#include "tk_math.h"
#include "tk_walk.h"

static int32_t divide(int32_t dividend, int32_t divisor, int32_t multiplier, int32_t shift)
{
    if (divisor == 0) {
        return dividend > 0 ? INT32_C(1) << 20 : dividend < 0 ? -(INT32_C(1) << 20) : 0;
    }

    const int32_t a = divisor < 0 ? -dividend : dividend;
    const uint32_t b = (uint32_t)(divisor < 0 ? -divisor : divisor);
    const int32_t digits = tk_bit_length(b);
    const int32_t reciprocal = tk_one_over_one_plus((int32_t)(((int64_t)b << (32 - digits)) - ((int64_t)1 << 31)));
    const int32_t headroom = 31 - tk_bit_length((uint32_t)(a < 0 ? -1 - a : a));
    const int32_t quotient = tk_high_multiply(reciprocal, (int32_t)((uint32_t)a << headroom));
    const int32_t right = headroom + digits - 1 - shift;

    return right > 31 ? 0 : tk_rounding_shift(tk_high_multiply(quotient, multiplier), right);
}

/* The parameters come by value: y points to characters, which might alias them. */
static void row(const int8_t *x1, int32_t step1, const int8_t *x2, int32_t step2, int8_t *y, int32_t n, tk_div_s8_params p)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t result = divide(*x1 + p.input1_offset, *x2 + p.input2_offset, p.multiplier, p.shift);

        y[i] = tk_limit_s8(tk_wrapping_add(result, p.output_offset), p.min, p.max);
        x1 += step1;
        x2 += step2;
    }
}

void tk_div_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape,
               const tk_div_s8_params *params)
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        row(x1 + walk.offset1, shape->stride1[last], x2 + walk.offset2, shape->stride2[last], y, shape->dims[last],
            *params);
        y += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
