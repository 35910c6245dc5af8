/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_add_fused_s8.h"

#include <math.h>

#include "tk_round.h"
#include "tk_walk.h"

void tk_add_fused_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape, float first, float second,
                     float fixed, int32_t start, int32_t min, int32_t max)
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
            const float inner = fmaf((float)(b[i * step2] + start), second, fixed);
            const float sum = fmaf((float)(a[i * step1] + start), first, inner);

            *y++ = (int8_t)(tk_round_to_code_even(sum, 0, min + start, max + start) - start);
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}
