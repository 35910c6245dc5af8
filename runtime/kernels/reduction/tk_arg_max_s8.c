/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_arg_max_s8.h"

static int32_t arg_max(const int8_t *x, int32_t n, int32_t step, int32_t flip)
{
    int32_t best = 0;
    int8_t largest = (int8_t)(x[0] ^ flip);

    for (int32_t i = 1; i < n; ++i) {
        const int8_t value = (int8_t)(x[i * step] ^ flip);

        if (value > largest) {
            largest = value;
            best = i;
        }
    }
    return best;
}

void tk_arg_max_s8(const void *restrict input, int32_t *restrict y, int32_t outer, int32_t n, int32_t inner, int32_t flip)
{
    const int8_t *x = input;

    for (int32_t o = 0; o < outer; ++o) {
        for (int32_t i = 0; i < inner; ++i) {
            y[o * inner + i] = arg_max(x + o * n * inner + i, n, inner, flip);
        }
    }
}
