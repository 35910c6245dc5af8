/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_hybrid_s2.h"

#include <stddef.h>

#include "tk_int2.h"
#include "tk_math.h"
#include "tk_quantize_dynamic_f32_s8.h"

void tk_fully_connected_hybrid_s2(const float *restrict x, const int8_t *restrict w, const float *restrict weight_scale,
                                  const float *restrict bias, float *restrict y, int8_t *restrict quantized,
                                  const tk_conv_shape *shape, const tk_hybrid *params)
{
    const int32_t depth = shape->in_c;

    for (int32_t b = 0; b < shape->batch; ++b) {
        tk_dynamic_s8 q;

        tk_quantize_dynamic_f32_s8(x + b * depth, quantized, &q, depth, params->asymmetric);
        for (int32_t o = 0; o < shape->out_c; ++o) {
            const int32_t acc = tk_dot_s2(quantized, depth, w, o * depth, -q.zero_point);
            const float real = (float)acc * (q.scale * weight_scale[o * params->scale_step]);

            *y++ = tk_limit_f32(real + (bias != NULL ? bias[o] : 0.0f), params->range);
        }
    }
}
