/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mul_single_s8.h"

#include "tk_round.h"
#include "tk_walk.h"

void tk_mul_single_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape, const float *real1,
                      const float *real2, float scale, int32_t zero_point, int32_t min, int32_t max)
{
    const int32_t last = shape->rank - 1;
    const int32_t step1 = shape->stride1[last];
    const int32_t step2 = shape->stride2[last];
    const int32_t n = shape->dims[last];
    tk_walk walk = tk_walk_start();

    do {
        const int8_t *a = x1 + walk.offset1;
        const int8_t *b = x2 + walk.offset2;

        for (int32_t i = 0; i < n; ++i) {
            const float value = (real1[(uint8_t)a[i * step1]] * real2[(uint8_t)b[i * step2]]) / scale;

            *y++ = (int8_t)tk_round_to_code_even(value, zero_point, min, max);
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
