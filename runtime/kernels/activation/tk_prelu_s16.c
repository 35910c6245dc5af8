/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_prelu_s16.h"

#include "tk_math.h"
#include "tk_walk.h"

void tk_prelu_s16(const int16_t *x1, const int8_t *x2, int16_t *y, const tk_broadcast *shape,
                  const tk_prelu_s8_params *params)
{
    const tk_prelu_s8_params p = *params;
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const int16_t *a = x1 + walk.offset1;
        const int8_t *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            const int32_t v = *a + p.input_offset;
            const int32_t result = v >= 0 ? tk_requantize(v, p.positive_multiplier, p.positive_shift)
                                          : tk_requantize(v * (*b + p.slope_offset), p.negative_multiplier, p.negative_shift);

            *y++ = tk_limit_s16(tk_wrapping_add(result, p.output_offset), INT16_MIN, INT16_MAX);
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
