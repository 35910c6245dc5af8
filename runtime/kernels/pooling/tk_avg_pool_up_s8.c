/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_avg_pool_up_s8.h"

#include "tk_math.h"
#include "tk_window.h"

/* One element: the mean over rows x columns pixels from x on, a channel each. 128 more make the sum positive. */
static int32_t mean(const int8_t *x, const tk_conv_shape *s, int32_t rows, int32_t columns)
{
    const int32_t count = rows * columns;
    int32_t sum = 0;

    for (int32_t row = 0; row < rows; ++row) {
        for (int32_t column = 0; column < columns; ++column) {
            sum += x[(row * s->in_w + column) * s->in_c] + 128;
        }
    }
    return (sum + count / 2) / count - 128;
}

void tk_avg_pool_up_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape, int32_t min, int32_t max)
{
    const tk_conv_shape *s = shape;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            const tk_window h = tk_window_clip(oh * s->stride_h - s->pad_h, 1, s->k_h, s->in_h);

            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_window w = tk_window_clip(ow * s->stride_w - s->pad_w, 1, s->k_w, s->in_w);
                const int8_t *first = x + (h.first * s->in_w + w.first) * s->in_c;

                for (int32_t c = 0; c < s->in_c; ++c) {
                    *y++ = tk_limit_s8(mean(first + c, s, h.count, w.count), min, max);
                }
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}
