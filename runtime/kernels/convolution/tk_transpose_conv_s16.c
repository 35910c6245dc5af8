/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_transpose_conv_s16.h"

#include <stdbool.h>
#include <stddef.h>

#include "tk_math.h"
#include "tk_reach.h"

static int64_t dot(const int16_t *x, const int8_t *w, int32_t n)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        sum += (int32_t)x[i] * w[i];
    }
    return sum;
}

/* One output: x is the image, w the filter. */
static int64_t pixel_sum(const tk_conv_shape *s, tk_reach rows, tk_reach columns, const int16_t *x, const int8_t *w)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < rows.count; ++i) {
        for (int32_t j = 0; j < columns.count; ++j) {
            const int32_t pixel = (rows.first + i) * s->in_w + columns.first + j;
            const int32_t tap = (rows.tap - i * s->stride_h) * s->k_w + columns.tap - j * s->stride_w;

            sum += dot(x + pixel * s->in_c, w + tap * s->in_c, s->in_c);
        }
    }
    return sum;
}

static int32_t rescale(int64_t sum, const void *bias, int32_t channel, int32_t multiplier, int32_t shift, bool narrow)
{
    if (narrow) {
        const int64_t total = sum + (bias != NULL ? ((const int32_t *)bias)[channel] : 0);

        return tk_requantize((int32_t)total, multiplier, shift);
    }
    return tk_requantize_s64(tk_wrapping_add_s64(sum, bias != NULL ? ((const int64_t *)bias)[channel] : 0), multiplier, shift);
}

void tk_transpose_conv_s16(const int16_t *restrict x, const int8_t *restrict w, const void *restrict bias,
                           const int32_t *restrict multiplier, const int8_t *restrict shift, int16_t *restrict y,
                           const tk_conv_shape *shape, const tk_transpose_conv_s16_params *params)
{
    const tk_conv_shape *s = shape;

    for (int32_t i = 0; i < s->batch * s->out_h * s->out_w; ++i) {
        const int16_t *image = x + i / (s->out_h * s->out_w) * (s->in_h * s->in_w * s->in_c);
        const tk_reach rows = tk_reach_of(i / s->out_w % s->out_h, s->pad_h, s->stride_h, s->k_h, s->in_h);
        const tk_reach columns = tk_reach_of(i % s->out_w, s->pad_w, s->stride_w, s->k_w, s->in_w);

        for (int32_t o = 0; o < s->out_c; ++o) {
            const int64_t sum = pixel_sum(s, rows, columns, image, w + o * (s->k_h * s->k_w * s->in_c));
            const int32_t result = rescale(sum, bias, o, multiplier[o], shift[o], params->narrow != 0);

            *y++ = tk_limit_s16(result, params->min, params->max);
        }
    }
}
