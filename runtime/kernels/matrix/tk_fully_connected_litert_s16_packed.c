/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_litert_s16_packed.h"

#include "tk_double.h"
#include "tk_int2.h"
#include "tk_int4.h"
#include "tk_litert_s16.h"

/* The sum over i below n of x[i] times element first + i of w. */
static int64_t dot(const int16_t *x, int32_t n, const int8_t *w, int32_t first, int32_t bits)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        sum += x[i] * (bits == 4 ? tk_element_s4(w, first + i) : tk_element_s2(w, first + i));
    }
    return sum;
}

void tk_fully_connected_litert_s16_packed(const int16_t *restrict x, const int8_t *restrict w, const void *restrict bias,
                                          const float *restrict weight_scales, int16_t *restrict y,
                                          const tk_fully_connected_litert_s16_params *params, int32_t bits)
{
    const int32_t depth = params->depth;

    for (int32_t b = 0; b < params->batch; ++b) {
        for (int32_t o = 0; o < params->outputs; ++o) {
            const int64_t sum = dot(x + b * depth, depth, w, o * depth, bits);

            *y++ = tk_litert_code_s16(sum, bias, weight_scales, o, params);
        }
    }
}
