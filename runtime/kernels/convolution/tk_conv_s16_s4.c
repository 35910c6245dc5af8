/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_s16_s4.h"

#include "tk_conv_rescale_s16.h"
#include "tk_int4.h"
#include "tk_math.h"
#include "tk_window.h"

/* The sum over i below n of x[i] times element first + i of w. */
static int64_t dot(const int16_t *x, const int8_t *w, int32_t first, int32_t n)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        sum += x[i] * tk_element_s4(w, first + i);
    }
    return sum;
}

/* One output: x is the image from the group's first channel on, the filter begins with element `first` of w. */
static int64_t window_sum(const tk_conv_shape *s, tk_window rows, tk_window columns, const int16_t *x, const int8_t *w,
                          int32_t first)
{
    const int32_t depth = s->in_c / s->groups;
    int64_t sum = 0;

    for (int32_t i = 0; i < rows.count; ++i) {
        for (int32_t j = 0; j < columns.count; ++j) {
            const int32_t pixel = (rows.first + i * s->dilation_h) * s->in_w + columns.first + j * s->dilation_w;
            const int32_t tap = (rows.begin + i) * s->k_w + columns.begin + j;

            sum += dot(x + pixel * s->in_c, w, first + tap * depth, depth);
        }
    }
    return sum;
}

void tk_conv_s16_s4(const int16_t *restrict x, const int8_t *restrict w, const void *restrict bias,
                    const int32_t *restrict multiplier, const int8_t *restrict shift, int16_t *restrict y,
                    const tk_conv_shape *shape, const tk_conv_s16_params *params)
{
    const tk_conv_shape *s = shape;
    const int32_t depth = s->in_c / s->groups;
    const int32_t filters = s->out_c / s->groups;
    const int32_t filter = s->k_h * s->k_w * depth;

    for (int32_t i = 0; i < s->batch * s->out_h * s->out_w; ++i) {
        const int32_t row = i / s->out_w % s->out_h;
        const int32_t column = i % s->out_w;
        const int16_t *image = x + i / (s->out_h * s->out_w) * (s->in_h * s->in_w * s->in_c);
        const tk_window rows = tk_window_clip(row * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);
        const tk_window columns = tk_window_clip(column * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);

        for (int32_t o = 0; o < s->out_c; ++o) {
            const int64_t sum = window_sum(s, rows, columns, image + o / filters * depth, w, o * filter);
            const int32_t result = tk_conv_rescale_s16(sum, bias, o, multiplier[o], shift[o], params->narrow != 0);

            *y++ = tk_limit_s16(result, params->min, params->max);
        }
    }
}
