/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_asymmetric_s8.h"

#include <stddef.h>

#include "tk_dot_offset_s8.h"
#include "tk_math.h"

/* All output channels of one pixel. The weights' offset is taken out of the products: it meets the sum of the inputs. */
static void convolve_pixel(const tk_patch *p, const tk_conv_shape *s, const int8_t *x, const int8_t *w,
                           const int32_t *bias, int8_t *y, const tk_asymmetric_s8 *params)
{
    int32_t lanes;

    for (int32_t channel = 0; channel < s->out_c; channel += lanes) {
        int32_t sum[5];

        lanes = tk_patch_sums_s8(sum, p, s, x, w, channel, params->input_offset);
        for (int32_t lane = 0; lane < lanes; ++lane) {
            const int32_t start = tk_wrapping_add(bias != NULL ? bias[channel + lane] : 0, sum[lane]);
            const int32_t acc = (int32_t)((uint32_t)start + (uint32_t)sum[4] * (uint32_t)params->weights_offset);
            const int32_t result = tk_requantize(acc, params->multiplier, params->shift);

            y[channel + lane] = tk_limit_s8(tk_wrapping_add(result, params->output_offset), params->min, params->max);
        }
    }
}

void tk_conv_asymmetric_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                           int8_t *restrict y, const tk_conv_shape *shape, const tk_asymmetric_s8 *params)
{
    const tk_conv_shape *s = shape;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_patch p = tk_patch_at(s, oh, ow);

                convolve_pixel(&p, s, x, w, bias, y, params);
                y += s->out_c;
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}
