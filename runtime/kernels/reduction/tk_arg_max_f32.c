/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_arg_max_f32.h"

static int32_t arg_max(const float *x, int32_t n, int32_t step, float sign)
{
    int32_t best = 0;
    float largest = sign * x[0];

    for (int32_t i = 1; i < n; ++i) {
        const float value = sign * x[i * step];

        if (value > largest) {
            largest = value;
            best = i;
        }
    }
    return best;
}

void tk_arg_max_f32(const float *restrict x, int32_t *restrict y, int32_t outer, int32_t n, int32_t inner, float sign)
{
    for (int32_t o = 0; o < outer; ++o) {
        for (int32_t i = 0; i < inner; ++i) {
            y[o * inner + i] = arg_max(x + o * n * inner + i, n, inner, sign);
        }
    }
}
