/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_compare_scaled_s16.h"

#include "tk_compare.h"
#include "tk_math.h"
#include "tk_walk.h"

static inline int32_t compare(int32_t a, int32_t b)
{
    return a < b ? TK_LESS : a > b ? TK_GREATER : TK_EQUAL;
}

void tk_compare_scaled_s16(const int16_t *x1, const int16_t *x2, bool *y, const tk_broadcast *shape, int32_t cases,
                           const tk_compare_s8_params *params)
{
    const tk_compare_s8_params p = *params;
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const int16_t *x = x1 + walk.offset1;
        const int16_t *w = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            const int32_t a = tk_requantize((*x + p.input1_offset) * 256, p.input1_multiplier, p.input1_shift);
            const int32_t b = tk_requantize((*w + p.input2_offset) * 256, p.input2_multiplier, p.input2_shift);

            *y++ = (cases & compare(a, b)) != 0;
            x += shape->stride1[last];
            w += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
