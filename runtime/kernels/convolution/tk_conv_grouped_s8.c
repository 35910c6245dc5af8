/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_grouped_s8.h"

#include <stddef.h>

#include "tk_dot_offset_s8.h"
#include "tk_math.h"

/* All output channels of one pixel. */
static void convolve_pixel(const tk_patch *p, const tk_conv_shape *s, const int8_t *x, const int8_t *w,
                           const int32_t *bias, const int32_t *multiplier, const int8_t *shift, int8_t *y,
                           const tk_conv_grouped_s8_params *params)
{
    int32_t lanes;

    for (int32_t channel = 0; channel < s->out_c; channel += lanes) {
        int32_t sum[5];

        lanes = tk_patch_sums_s8(sum, p, s, x, w, channel, params->input_offset);
        for (int32_t lane = 0; lane < lanes; ++lane) {
            const int32_t o = channel + lane;
            const int32_t acc = tk_wrapping_add(sum[lane], bias != NULL ? bias[o] : 0);
            const int32_t result = tk_requantize(acc, multiplier[o], shift[o]);

            y[o] = tk_limit_s8(tk_wrapping_add(result, params->output_offset), params->min, params->max);
        }
    }
}

void tk_conv_grouped_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                        const int32_t *restrict multiplier, const int8_t *restrict shift, int8_t *restrict y,
                        const tk_conv_shape *shape, const tk_conv_grouped_s8_params *params)
{
    const tk_conv_shape *s = shape;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_patch p = tk_patch_at(s, oh, ow);

                convolve_pixel(&p, s, x, w, bias, multiplier, shift, y, params);
                y += s->out_c;
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}
