/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cumsum_s8.h"

#include "tk_math.h"

static void sum_along(const int8_t *x, int8_t *y, int32_t n, int32_t step, tk_cumsum_s8_params p)
{
    uint32_t sum = (uint32_t)(p.input_offset * (INT32_C(1) << 19)); /* wraps as the reference's does */

    for (int32_t i = 0; i < n; ++i) {
        const uint32_t next = sum + (uint32_t)((x[i * step] + p.input_offset) * (INT32_C(1) << 19));
        const int32_t raw = (int32_t)(p.exclusive ? sum : next);
        const int32_t result = tk_requantize(raw, p.output_multiplier, p.output_shift);

        y[i * step] = tk_limit_s8(tk_wrapping_add(result, p.output_offset), INT8_MIN, INT8_MAX);
        sum = next;
    }
}

void tk_cumsum_s8(const int8_t *x, int8_t *y, int32_t outer, int32_t n, int32_t inner,
                  const tk_cumsum_s8_params *params)
{
    const int32_t start = params->reverse ? (n - 1) * inner : 0;
    const int32_t step = params->reverse ? -inner : inner;

    for (int32_t o = 0; o < outer; ++o) {
        for (int32_t i = 0; i < inner; ++i) {
            const int32_t first = o * n * inner + i + start;

            sum_along(x + first, y + first, n, step, *params);
        }
    }
}
