/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cumsum_s32.h"

static void sum_along(const int32_t *x, int32_t *y, int32_t n, int32_t step, int32_t exclusive)
{
    uint32_t sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        const uint32_t next = sum + (uint32_t)x[i * step];

        y[i * step] = (int32_t)(exclusive ? sum : next);
        sum = next;
    }
}

void tk_cumsum_s32(const int32_t *x, int32_t *y, int32_t outer, int32_t n, int32_t inner, int32_t exclusive,
                   int32_t reverse)
{
    const int32_t start = reverse ? (n - 1) * inner : 0;
    const int32_t step = reverse ? -inner : inner;

    for (int32_t o = 0; o < outer; ++o) {
        for (int32_t i = 0; i < inner; ++i) {
            const int32_t first = o * n * inner + i + start;

            sum_along(x + first, y + first, n, step, exclusive);
        }
    }
}
