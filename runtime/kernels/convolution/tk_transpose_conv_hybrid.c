/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_transpose_conv_hybrid.h"

#include <stddef.h>

#include "tk_math.h"
#include "tk_quantize_dynamic_f32_s8.h"
#include "tk_reach.h"

static int32_t dot(const int8_t *x, int32_t zero_point, const int8_t *w, int32_t n)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        sum += (x[i] - zero_point) * w[i];
    }
    return sum;
}

/* One output: x is the quantized image, w the filter. */
static int32_t pixel_sum(const tk_conv_shape *s, tk_reach rows, tk_reach columns, const int8_t *x, int32_t zero_point,
                         const int8_t *w)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < rows.count; ++i) {
        for (int32_t j = 0; j < columns.count; ++j) {
            const int32_t pixel = (rows.first + i) * s->in_w + columns.first + j;
            const int32_t tap = (rows.tap - i * s->stride_h) * s->k_w + columns.tap - j * s->stride_w;

            sum += dot(x + pixel * s->in_c, zero_point, w + tap * s->in_c, s->in_c);
        }
    }
    return sum;
}

void tk_transpose_conv_hybrid(const float *restrict x, const int8_t *restrict w, const float *restrict weight_scale,
                              const float *restrict bias, float *restrict y, int8_t *restrict quantized,
                              const tk_conv_shape *shape, const tk_hybrid *params)
{
    const tk_conv_shape *s = shape;
    const int32_t image = s->in_h * s->in_w * s->in_c;

    for (int32_t b = 0; b < s->batch; ++b) {
        tk_dynamic_s8 q;

        tk_quantize_dynamic_f32_s8(x + b * image, quantized, &q, image, params->asymmetric);
        for (int32_t i = 0; i < s->out_h * s->out_w; ++i) {
            const tk_reach rows = tk_reach_of(i / s->out_w, s->pad_h, s->stride_h, s->k_h, s->in_h);
            const tk_reach columns = tk_reach_of(i % s->out_w, s->pad_w, s->stride_w, s->k_w, s->in_w);

            for (int32_t o = 0; o < s->out_c; ++o) {
                const int8_t *const filter = w + o * (s->k_h * s->k_w * s->in_c);
                const float acc = (float)pixel_sum(s, rows, columns, quantized, q.zero_point, filter);
                const float scale = q.scale * weight_scale[o * params->scale_step];

                *y++ = tk_limit_f32(acc * scale + (bias != NULL ? bias[o] : 0.0f), params->range);
            }
        }
    }
}
