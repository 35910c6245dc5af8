/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_avg_pool_even_*, for elements of TK_AVG_POOL_EVEN_BITS bits: 16, or undefined for 8. Internal. */
#ifndef TK_AVG_POOL_EVEN_BODY_H
#define TK_AVG_POOL_EVEN_BODY_H

#include "tk_even.h"
#include "tk_shape.h"
#include "tk_window.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef TK_AVG_POOL_EVEN_BITS
typedef int16_t tk_avg_pool_even_element;
#else
typedef int8_t tk_avg_pool_even_element;
#endif

/* The sum over rows x columns pixels from x on, in one channel. */
static inline int32_t tk_avg_pool_even_sum(const tk_avg_pool_even_element *x, const tk_conv_shape *s, int32_t rows,
                                           int32_t columns)
{
    int32_t sum = 0;

    for (int32_t row = 0; row < rows; ++row) {
        for (int32_t column = 0; column < columns; ++column) {
            sum += x[(row * s->in_w + column) * s->in_c];
        }
    }
    return sum;
}

static inline void tk_avg_pool_even(const tk_avg_pool_even_element *x, const int32_t *multiplier,
                                    const int8_t *shift, tk_avg_pool_even_element *y,
                                    const tk_conv_shape *s, int32_t by_count, int32_t x_zero_point, int32_t y_zero_point,
                                    int32_t min, int32_t max)
{
    const int32_t image = s->out_h * s->out_w;

    for (int32_t i = 0; i < s->batch * image; ++i) {
        const tk_window h = tk_window_clip(i % image / s->out_w * s->stride_h - s->pad_h, 1, s->k_h, s->in_h);
        const tk_window w = tk_window_clip(i % s->out_w * s->stride_w - s->pad_w, 1, s->k_w, s->in_w);
        const int32_t count = h.count * w.count;
        const int32_t entry = by_count != 0 && count != 0 ? count - 1 : 0;
        const int32_t pixel = i / image * s->in_h * s->in_w + (count != 0 ? h.first * s->in_w + w.first : 0);

        for (int32_t c = 0; c < s->in_c; ++c) {
            const int32_t acc = tk_avg_pool_even_sum(x + pixel * s->in_c + c, s, h.count, w.count) - x_zero_point * count;
            const int32_t code = tk_even_code(acc, multiplier[entry], shift[entry], true, y_zero_point, min, max);

            *y++ = (tk_avg_pool_even_element)code;
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
