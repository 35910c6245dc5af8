/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_hybrid_s4.h"

#include <stddef.h>

#include "tk_math.h"
#include "tk_patch_s4.h"
#include "tk_quantize_dynamic_f32_s8.h"

/* All output channels of one pixel. */
static void convolve_pixel(const tk_patch *p, const tk_conv_shape *s, const int8_t *x, tk_dynamic_s8 q, const int8_t *w,
                           const float *weight_scale, const float *bias, float *y, const tk_hybrid *params)
{
    int32_t lanes;

    for (int32_t channel = 0; channel < s->out_c; channel += lanes) {
        int32_t sum[4];

        lanes = tk_patch_sums_s4(sum, p, s, x, w, channel, -q.zero_point);
        for (int32_t lane = 0; lane < lanes; ++lane) {
            const int32_t o = channel + lane;
            const float scale = weight_scale[o * params->scale_step];
            const float acc = (float)sum[lane];
            const float real = params->weights_first != 0 ? acc * scale * q.scale : acc * (q.scale * scale);

            y[o] = tk_limit_f32(real + (bias != NULL ? bias[o] : 0.0f), params->range);
        }
    }
}

void tk_conv_hybrid_s4(const float *restrict x, const int8_t *restrict w, const float *restrict weight_scale,
                       const float *restrict bias, float *restrict y, int8_t *restrict quantized,
                       const tk_conv_shape *shape, const tk_hybrid *params)
{
    const tk_conv_shape *s = shape;
    const int32_t image = s->in_h * s->in_w * s->in_c;

    for (int32_t b = 0; b < s->batch; ++b) {
        tk_dynamic_s8 q;

        tk_quantize_dynamic_f32_s8(x, quantized, &q, image, params->asymmetric);
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_patch p = tk_patch_at(s, oh, ow);

                convolve_pixel(&p, s, quantized, q, w, weight_scale, bias, y, params);
                y += s->out_c;
            }
        }
        x += image;
    }
}
