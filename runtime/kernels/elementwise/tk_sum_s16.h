/* SPDX-License-Identifier: Apache-2.0 */
/* Addition and subtraction of int16 tensors: what tk_add_s16 and tk_sub_s16 share. Internal. */
#ifndef TK_SUM_S16_H
#define TK_SUM_S16_H

#include "tk_math.h"
#include "tk_walk.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline int32_t tk_sum_rescale_s16(int32_t x, int32_t multiplier, int32_t shift)
{
    const int32_t left_shift = 15;

    return tk_rounding_shift(tk_high_multiply(x * (INT32_C(1) << left_shift), multiplier), -shift);
}

/* sign: 1 or -1, a constant. */
static inline void tk_sum_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape,
                              const tk_add_s16_params *params, int32_t sign)
{
    const tk_add_s16_params p = *params;
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const int16_t *a = x1 + walk.offset1;
        const int16_t *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            const int32_t left = tk_sum_rescale_s16(*a + p.input1_offset, p.input1_multiplier, p.input1_shift);
            const int32_t right = tk_sum_rescale_s16(*b + p.input2_offset, p.input2_multiplier, p.input2_shift);
            const int32_t high = tk_high_multiply(left + sign * right, p.output_multiplier);
            const int32_t result = tk_wrapping_add(tk_rounding_shift(high, -p.output_shift), p.output_offset);

            *y++ = tk_limit_s16(result, p.min, p.max);
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}

#ifdef __cplusplus
}
#endif

#endif
