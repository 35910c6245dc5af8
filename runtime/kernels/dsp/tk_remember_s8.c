/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_remember_s8.h"

#include <string.h>

#if !TK_DSP_ASM

void tk_remember_s8(int8_t *state, const int8_t *weights, int32_t *sums, const tk_remember *shape)
{
    const int32_t length = shape->memory;

    for (int32_t u = 0, f = 0; u < shape->units; ++u) {
        uint32_t sum = 0;

        for (int32_t r = 0; r < shape->rank; ++r, ++f) {
            int8_t *const results = state + f * length;
            const int32_t newest = sums[f] > INT8_MAX ? INT8_MAX : sums[f] < INT8_MIN ? INT8_MIN : sums[f];

            memmove(results, results + 1, (size_t)(length - 1) * sizeof *results);
            results[length - 1] = (int8_t)(tk_low((uint32_t)(newest + shape->offset) << 8) >> 8);
            for (int32_t m = 0; m < length; ++m) {
                sum += (uint32_t)((int32_t)results[m] * weights[f * length + m]);
            }
        }
        sums[u] = (int32_t)sum;
    }
}

#endif
