/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_cumsum_*: TK_VALUE is an element's type, TK_SUM that of its sums. Internal. */
#ifndef TK_CUMSUM_BODY_H
#define TK_CUMSUM_BODY_H

#include <stdint.h>

#ifdef TK_VALUE

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_cumsum_along(const TK_VALUE *x, TK_VALUE *y, int32_t n, int32_t step, int32_t exclusive)
{
    TK_SUM sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        const TK_SUM next = sum + (TK_SUM)x[i * step];

        y[i * step] = (TK_VALUE)(exclusive ? sum : next);
        sum = next;
    }
}

static inline void tk_cumsum(const TK_VALUE *x, TK_VALUE *y, int32_t outer, int32_t n, int32_t inner, int32_t exclusive,
                             int32_t reverse)
{
    const int32_t start = reverse ? (n - 1) * inner : 0;
    const int32_t step = reverse ? -inner : inner;

    for (int32_t o = 0; o < outer; ++o) {
        for (int32_t i = 0; i < inner; ++i) {
            const int32_t first = o * n * inner + i + start;

            tk_cumsum_along(x + first, y + first, n, step, exclusive);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
