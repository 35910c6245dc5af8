/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_transpose_conv_even_s16.h"

#include "tk_reach.h"
#include "tk_sums_even_s16.h"

/* One output: x is the image, w the filter. */
static int64_t pixel_sum(const tk_conv_shape *s, tk_reach rows, tk_reach columns, const int16_t *x, const int8_t *w,
                         const tk_conv_even_s16_params *params)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < rows.count; ++i) {
        for (int32_t j = 0; j < columns.count; ++j) {
            const int32_t pixel = (rows.first + i) * s->in_w + columns.first + j;
            const int32_t tap = (rows.tap - i * s->stride_h) * s->k_w + columns.tap - j * s->stride_w;

            sum += tk_dot_even_s16(x + pixel * s->in_c, w + tap * s->in_c, s->in_c, params);
        }
    }
    return sum;
}

void tk_transpose_conv_even_s16(const int16_t *restrict x, const int8_t *restrict w, const void *restrict bias,
                                const int32_t *restrict multiplier, const int8_t *restrict shift, const int32_t *restrict rest,
                                int16_t *restrict y, const tk_conv_shape *shape, const tk_conv_even_s16_params *params)
{
    const tk_conv_shape *s = shape;
    const int32_t size = s->out_h * s->out_w;

    for (int32_t i = 0; i < s->batch * size; ++i) {
        const int16_t *image = x + i / size * (s->in_h * s->in_w * s->in_c);
        const tk_reach rows = tk_reach_of(i / s->out_w % s->out_h, s->pad_h, s->stride_h, s->k_h, s->in_h);
        const tk_reach columns = tk_reach_of(i % s->out_w, s->pad_w, s->stride_w, s->k_w, s->in_w);

        for (int32_t o = 0; o < s->out_c; ++o) {
            const int64_t sum = pixel_sum(s, rows, columns, image, w + o * params->w_filter, params);

            *y++ = tk_code_even_s16(sum, bias, multiplier, shift, rest, o, params);
        }
    }
}
