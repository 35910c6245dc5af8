/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_conv_asymmetric_s8.h"

#include <stddef.h>

#include "tk_depthwise_taps.h"
#include "tk_math.h"

void tk_depthwise_conv_asymmetric_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                                     int8_t *restrict y, const tk_conv_shape *shape, const tk_asymmetric_s8 *params)
{
    const tk_conv_shape *s = shape;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            const tk_window rows = tk_window_clip(oh * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);

            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_window columns = tk_window_clip(ow * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);

                for (int32_t o = 0; o < s->out_c; ++o) {
                    const int32_t sum = tk_depthwise_sum_s8(s, rows, columns, x, w, o, params->input_offset,
                                                            params->weights_offset);
                    const int32_t acc = tk_wrapping_add(bias != NULL ? bias[o] : 0, sum);
                    const int32_t result = tk_requantize(acc, params->multiplier, params->shift);

                    *y++ = tk_limit_s8(tk_wrapping_add(result, params->output_offset), params->min, params->max);
                }
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}
