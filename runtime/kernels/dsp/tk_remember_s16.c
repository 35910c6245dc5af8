/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_remember_s16.h"

#include <string.h>

#if !TK_DSP_ASM

void tk_remember_s16(int16_t *state, const int16_t *weights, int32_t *sums, const tk_remember *shape)
{
    const int32_t length = shape->memory;

    for (int32_t u = 0, f = 0; u < shape->units; ++u) {
        uint32_t sum = 0;

        for (int32_t r = 0; r < shape->rank; ++r, ++f) {
            int16_t *const results = state + f * length;
            const int32_t newest = sums[f] > INT16_MAX ? INT16_MAX : sums[f] < INT16_MIN ? INT16_MIN : sums[f];

            memmove(results, results + 1, (size_t)(length - 1) * sizeof *results);
            results[length - 1] = (int16_t)(tk_low((uint32_t)(newest + shape->offset)));
            for (int32_t m = 0; m < length; ++m) {
                sum += (uint32_t)((int32_t)results[m] * weights[f * length + m]);
            }
        }
        sums[u] = (int32_t)sum;
    }
}

#endif
