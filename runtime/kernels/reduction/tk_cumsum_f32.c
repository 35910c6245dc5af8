/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cumsum_f32.h"

static void sum_along(const float *x, float *y, int32_t n, int32_t step, int32_t exclusive)
{
    float sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        const float next = sum + x[i * step];

        y[i * step] = exclusive ? sum : next;
        sum = next;
    }
}

void tk_cumsum_f32(const float *x, float *y, int32_t outer, int32_t n, int32_t inner, int32_t exclusive,
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
