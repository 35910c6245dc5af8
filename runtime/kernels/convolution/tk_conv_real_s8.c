/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_real_s8.h"

#include <stddef.h>

#include "tk_round.h"
#include "tk_window.h"

/* The products of one filter with the taps of the window that lie inside the image. x: the image at the group's first channel;
 * w: the filter. */
static int32_t products(const int8_t *x, const int8_t *w, const tk_conv_shape *s, tk_window h, tk_window v, int32_t depth,
                        int32_t x_zero_point, int32_t w_zero_point)
{
    int32_t sum = 0;

    for (int32_t row = 0; row < h.count; ++row) {
        for (int32_t column = 0; column < v.count; ++column) {
            const int32_t pixel = (h.first + row * s->dilation_h) * s->in_w + v.first + column * s->dilation_w;
            const int32_t tap = (h.begin + row) * s->k_w + v.begin + column;
            const int8_t *from = x + pixel * s->in_c;
            const int8_t *by = w + tap * depth;

            for (int32_t c = 0; c < depth; ++c) {
                sum += (from[c] - x_zero_point) * (by[c] - w_zero_point);
            }
        }
    }
    return sum;
}

void tk_conv_real_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                     const float *restrict scale, int8_t *restrict y, const tk_conv_shape *shape, int32_t x_zero_point,
                     int32_t w_zero_point, int32_t y_zero_point, int32_t min, int32_t max)
{
    const tk_conv_shape *s = shape;
    const int32_t depth = s->in_c / s->groups;
    const int32_t filters = s->out_c / s->groups;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            const tk_window h = tk_window_clip(oh * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);

            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_window v = tk_window_clip(ow * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);

                for (int32_t oc = 0; oc < s->out_c; ++oc) {
                    const int32_t acc = products(x + oc / filters * depth, w + oc * s->k_h * s->k_w * depth, s, h, v,
                                                 depth, x_zero_point, w_zero_point) +
                                        (bias != NULL ? bias[oc] : 0);

                    y[oc] = (int8_t)tk_round_to_code_even((float)acc * scale[oc], y_zero_point, min, max);
                }
                y += s->out_c;
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}
