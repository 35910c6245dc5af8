/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels tk_remember_* compute, in C: TK_RESULT is the type of a result, from TK_LEAST to TK_MOST; TK_KEPT(value) a
 * value modulo its size. Internal. */
#ifndef TK_REMEMBER_TWIN_H
#define TK_REMEMBER_TWIN_H

#include <string.h>
#include "tk_remember.h"

#ifdef TK_RESULT

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_remember_results(TK_RESULT *state, const TK_RESULT *weights, int32_t *sums, const tk_remember *shape)
{
    const int32_t length = shape->memory;

    for (int32_t u = 0, f = 0; u < shape->units; ++u) {
        uint32_t sum = 0;

        for (int32_t r = 0; r < shape->rank; ++r, ++f) {
            TK_RESULT *const results = state + f * length;
            const int32_t newest = sums[f] > TK_MOST ? TK_MOST : sums[f] < TK_LEAST ? TK_LEAST : sums[f];

            memmove(results, results + 1, (size_t)(length - 1) * sizeof *results);
            results[length - 1] = TK_KEPT(newest + shape->offset);
            for (int32_t m = 0; m < length; ++m) {
                sum += (uint32_t)((int32_t)results[m] * weights[f * length + m]);
            }
        }
        sums[u] = (int32_t)sum;
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
