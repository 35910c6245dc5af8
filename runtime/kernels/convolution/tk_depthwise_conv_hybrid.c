/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_conv_hybrid.h"

#include <stddef.h>

#include "tk_depthwise_taps.h"
#include "tk_math.h"
#include "tk_quantize_dynamic_f32_s8.h"

/* All of one output row. x: the quantized image. Returns the end of the row. */
static float *convolve_row(const tk_conv_shape *s, tk_window rows, const int8_t *x, tk_dynamic_s8 q, const int8_t *w,
                           const float *weight_scale, const float *bias, float *y, const tk_hybrid *params)
{
    for (int32_t ow = 0; ow < s->out_w; ++ow) {
        const tk_window columns = tk_window_clip(ow * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);

        for (int32_t o = 0; o < s->out_c; ++o) {
            const int32_t acc = tk_depthwise_sum_s8(s, rows, columns, x, w, o, -q.zero_point, 0);
            const float real = (float)acc * (q.scale * weight_scale[o * params->scale_step]);

            *y++ = tk_limit_f32(real + (bias != NULL ? bias[o] : 0.0f), params->range);
        }
    }
    return y;
}

void tk_depthwise_conv_hybrid(const float *restrict x, const int8_t *restrict w, const float *restrict weight_scale,
                              const float *restrict bias, float *restrict y, int8_t *restrict quantized,
                              const tk_conv_shape *shape, const tk_hybrid *params)
{
    const tk_conv_shape *s = shape;
    const int32_t image = s->in_h * s->in_w * s->in_c;

    for (int32_t b = 0; b < s->batch; ++b) {
        tk_dynamic_s8 q;

        tk_quantize_dynamic_f32_s8(x, quantized, &q, image, params->asymmetric);
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            const tk_window rows = tk_window_clip(oh * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);

            y = convolve_row(s, rows, quantized, q, w, weight_scale, bias, y, params);
        }
        x += image;
    }
}
