/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_avg_pool_f32.h"

#include "tk_math.h"
#include "tk_window.h"

/* One output pixel: the mean of the input pixels of the window, of which x is the first. Four channels at a time. */
static void pool_pixel(const float *restrict x, float *restrict y, const tk_conv_shape *s, int32_t rows,
                       int32_t columns, tk_range_f32 range)
{
    const int32_t x_row = s->dilation_h * s->in_w * s->in_c;
    const int32_t x_column = s->dilation_w * s->in_c;
    const float count = (float)(rows * columns);
    int32_t c = 0;

    for (; c + 4 <= s->in_c; c += 4) {
        float sum0 = 0.0f;
        float sum1 = 0.0f;
        float sum2 = 0.0f;
        float sum3 = 0.0f;

        for (int32_t row = 0; row < rows; ++row) {
            for (int32_t column = 0; column < columns; ++column) {
                const float *from = x + row * x_row + column * x_column + c;

                sum0 += from[0];
                sum1 += from[1];
                sum2 += from[2];
                sum3 += from[3];
            }
        }
        y[c] = tk_limit_f32(sum0 / count, range);
        y[c + 1] = tk_limit_f32(sum1 / count, range);
        y[c + 2] = tk_limit_f32(sum2 / count, range);
        y[c + 3] = tk_limit_f32(sum3 / count, range);
    }
    for (; c < s->in_c; ++c) {
        float sum0 = 0.0f;

        for (int32_t row = 0; row < rows; ++row) {
            for (int32_t column = 0; column < columns; ++column) {
                const float *from = x + row * x_row + column * x_column + c;

                sum0 += from[0];
            }
        }
        y[c] = tk_limit_f32(sum0 / count, range);
    }
}

void tk_avg_pool_f32(const float *restrict x, float *restrict y, const tk_conv_shape *shape, tk_range_f32 range)
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
