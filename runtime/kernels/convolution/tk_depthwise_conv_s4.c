/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_conv_s4.h"

#include <stddef.h>

#include "tk_depthwise_taps_s4.h"
#include "tk_math.h"

void tk_depthwise_conv_s4(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                          const int32_t *restrict multiplier, const int8_t *restrict shift, int8_t *restrict y,
                          const tk_conv_shape *shape, const tk_conv_s4_params *params)
{
    const tk_conv_shape *s = shape;

    for (int32_t i = 0; i < s->batch * s->out_h * s->out_w; ++i) {
        const int8_t *image = x + i / (s->out_h * s->out_w) * (s->in_h * s->in_w * s->in_c);
        const int32_t row = i / s->out_w % s->out_h;
        const int32_t column = i % s->out_w;
        const tk_window rows = tk_window_clip(row * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);
        const tk_window columns = tk_window_clip(column * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);

        for (int32_t o = 0; o < s->out_c; ++o) {
            const int32_t start = bias != NULL ? bias[o] : 0;
            const int32_t sum = tk_depthwise_sum_s4(s, rows, columns, image, w, o, params->input_offset, 0);
            const int32_t result = tk_requantize(tk_wrapping_add(start, sum), multiplier[o], shift[o]);

            *y++ = tk_limit_s8(tk_wrapping_add(result, params->output_offset), params->min, params->max);
        }
    }
}
