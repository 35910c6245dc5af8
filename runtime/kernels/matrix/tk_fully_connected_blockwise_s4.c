/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_blockwise_s4.h"

#include <stddef.h>

#include "tk_half.h"
#include "tk_math.h"
#include "tk_patch_s4.h"
#include "tk_quantize_dynamic_f32_s8.h"

/* One output, or four from `first` on. x: a quantized row. Returns how many. */
static int32_t sum_blocks(float sum[4], int32_t first, const int8_t *x, int32_t zero_point, const int8_t *w,
                          const uint16_t *scales, const tk_blockwise_params *p)
{
    const int32_t lanes = p->outputs - first >= 4 ? 4 : 1;
    const int32_t blocks = p->depth / p->block;

    for (int32_t lane = 0; lane < lanes; ++lane) {
        sum[lane] = 0.0f;
    }
    for (int32_t k = 0; k < blocks; ++k) {
        int32_t acc[4] = {0};

        tk_dots_s4(acc, lanes, x + k * p->block, p->block, w, first * p->depth + k * p->block, p->depth, -zero_point);
        for (int32_t lane = 0; lane < lanes; ++lane) {
            sum[lane] += (float)acc[lane] * tk_half_to_f32(scales[(first + lane) * blocks + k]);
        }
    }
    return lanes;
}

void tk_fully_connected_blockwise_s4(const float *restrict x, const int8_t *restrict w, const uint16_t *restrict scales,
                                     const float *restrict bias, float *restrict y, int8_t *restrict quantized,
                                     const tk_blockwise_params *params)
{
    int32_t lanes;

    for (int32_t b = 0; b < params->batch; ++b) {
        tk_dynamic_s8 q;

        tk_quantize_dynamic_f32_s8(x, quantized, &q, params->depth, 1);
        for (int32_t first = 0; first < params->outputs; first += lanes) {
            float sum[4];

            lanes = sum_blocks(sum, first, quantized, q.zero_point, w, scales, params);
            for (int32_t lane = 0; lane < lanes; ++lane) {
                const float start = bias != NULL ? bias[first + lane] : 0.0f;

                *y++ = tk_limit_f32(sum[lane] * q.scale + start, params->range);
            }
        }
        x += params->depth;
    }
}
