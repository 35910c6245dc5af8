/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_litert_s16.h"

#include "tk_double.h"
#include "tk_litert_s16.h"

static int64_t dot(const int16_t *x, const int8_t *w, int32_t depth)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < depth; ++i) {
        sum += (int32_t)x[i] * w[i];
    }
    return sum;
}

void tk_fully_connected_litert_s16(const int16_t *restrict x, const int8_t *restrict w, const void *restrict bias,
                                   const float *restrict weight_scales, int16_t *restrict y,
                                   const tk_fully_connected_litert_s16_params *params)
{
    for (int32_t b = 0; b < params->batch; ++b) {
        for (int32_t o = 0; o < params->outputs; ++o) {
            const int64_t sum = dot(x, w + o * params->depth, params->depth);

            *y++ = tk_litert_code_s16(sum, bias, weight_scales, o, params);
        }
        x += params->depth;
    }
}
