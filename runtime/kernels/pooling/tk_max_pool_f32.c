/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_max_pool_f32.h"

#include "tk_math.h"
#include "tk_window.h"

/* One output pixel: the largest of the input pixels of the window, of which x is the first. */
static void pool_pixel(const float *restrict x, float *restrict y, const tk_conv_shape *s, int32_t rows,
                       int32_t columns, tk_range_f32 range)
{
    for (int32_t c = 0; c < s->in_c; ++c) {
        y[c] = range.min;
    }
    for (int32_t row = 0; row < rows; ++row) {
        for (int32_t column = 0; column < columns; ++column) {
            const float *pixel = x + (row * s->dilation_h * s->in_w + column * s->dilation_w) * s->in_c;

            for (int32_t c = 0; c < s->in_c; ++c) {
                y[c] = y[c] < pixel[c] ? pixel[c] : y[c];
            }
        }
    }
    for (int32_t c = 0; c < s->in_c; ++c) {
        y[c] = tk_limit_f32(y[c], range);
    }
}

void tk_max_pool_f32(const float *restrict x, float *restrict y, const tk_conv_shape *shape, tk_range_f32 range)
{
    const tk_conv_shape *s = shape;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            const tk_window h = tk_window_clip(oh * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);

            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_window w = tk_window_clip(ow * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);

                pool_pixel(x + (h.first * s->in_w + w.first) * s->in_c, y, s, h.count, w.count, range);
                y += s->in_c;
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}
