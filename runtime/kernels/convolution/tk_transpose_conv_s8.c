/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_transpose_conv_s8.h"

#include <stddef.h>

#include "tk_math.h"
#include "tk_reach.h"

static int32_t dot(const int8_t *x, int32_t x_offset, const int8_t *w, int32_t w_offset, int32_t n)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        sum += (x[i] + x_offset) * (w[i] + w_offset);
    }
    return sum;
}

/* One output: x is the image, w the filter. */
static int32_t pixel_sum(const tk_conv_shape *s, tk_reach rows, tk_reach columns, const int8_t *x, const int8_t *w,
                         const tk_transpose_conv_s8_params *params)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < rows.count; ++i) {
        for (int32_t j = 0; j < columns.count; ++j) {
            const int32_t pixel = (rows.first + i) * s->in_w + columns.first + j;
            const int32_t tap = (rows.tap - i * s->stride_h) * s->k_w + columns.tap - j * s->stride_w;

            sum += dot(x + pixel * s->in_c, params->input_offset, w + tap * s->in_c, params->weights_offset, s->in_c);
        }
    }
    return sum;
}

void tk_transpose_conv_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                          const int32_t *restrict multiplier, const int8_t *restrict shift, int8_t *restrict y,
                          const tk_conv_shape *shape, const tk_transpose_conv_s8_params *params)
{
    const tk_conv_shape *s = shape;

    for (int32_t i = 0; i < s->batch * s->out_h * s->out_w; ++i) {
        const int8_t *image = x + i / (s->out_h * s->out_w) * (s->in_h * s->in_w * s->in_c);
        const tk_reach rows = tk_reach_of(i / s->out_w % s->out_h, s->pad_h, s->stride_h, s->k_h, s->in_h);
        const tk_reach columns = tk_reach_of(i % s->out_w, s->pad_w, s->stride_w, s->k_w, s->in_w);

        for (int32_t o = 0; o < s->out_c; ++o) {
            const int32_t start = bias != NULL ? bias[o] : 0;
            const int32_t sum = pixel_sum(s, rows, columns, image, w + o * (s->k_h * s->k_w * s->in_c), params);
            const int32_t result = tk_requantize(tk_wrapping_add(start, sum), multiplier[o], shift[o]);

            *y++ = tk_limit_s8(tk_wrapping_add(result, params->output_offset), params->min, params->max);
        }
    }
}
