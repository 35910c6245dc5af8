/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_conv_s4.h"

#include <stddef.h>

#include "tk_int4.h"
#include "tk_math.h"
#include "tk_window.h"

/* One output channel of one pixel. */
static int32_t window_sum(const tk_conv_shape *s, tk_window rows, tk_window columns, const int8_t *x, const int8_t *w,
                          int32_t channel, int32_t offset)
{
    const int32_t x_first = (rows.first * s->in_w + columns.first) * s->in_c + channel / (s->out_c / s->in_c);
    const int32_t w_first = (rows.begin * s->k_w + columns.begin) * s->out_c + channel;
    int32_t sum = 0;

    for (int32_t row = 0; row < rows.count; ++row) {
        int32_t at = x_first + row * s->dilation_h * s->in_w * s->in_c;
        int32_t tap = w_first + row * s->k_w * s->out_c;

        for (int32_t column = 0; column < columns.count; ++column) {
            sum += (x[at] + offset) * tk_element_s4(w, tap);
            at += s->dilation_w * s->in_c;
            tap += s->out_c;
        }
    }
    return sum;
}

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
            const int32_t sum = window_sum(s, rows, columns, image, w, o, params->input_offset);
            const int32_t result = tk_requantize(tk_wrapping_add(start, sum), multiplier[o], shift[o]);

            *y++ = tk_limit_s8(tk_wrapping_add(result, params->output_offset), params->min, params->max);
        }
    }
}
