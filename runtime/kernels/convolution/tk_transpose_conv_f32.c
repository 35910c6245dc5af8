/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_transpose_conv_f32.h"

#include <stddef.h>

#include "tk_dot_f32.h"
#include "tk_math.h"
#include "tk_reach.h"

/* The sums of `lanes` output channels, 1 or 4, of one pixel: x is the image, w the filter of the first of them. */
static void pixel_sums(float sum[4], const tk_conv_shape *s, tk_reach rows, tk_reach columns, const float *x, const float *w,
                       int32_t lanes)
{
    for (int32_t i = 0; i < rows.count; ++i) {
        for (int32_t j = 0; j < columns.count; ++j) {
            const int32_t pixel = (rows.first + i) * s->in_w + columns.first + j;
            const int32_t tap = (rows.tap - i * s->stride_h) * s->k_w + columns.tap - j * s->stride_w;

            if (lanes == 4) {
                tk_dot4_f32(sum, x + pixel * s->in_c, w + tap * s->in_c, s->k_h * s->k_w * s->in_c, s->in_c);
            } else {
                sum[0] = tk_dot1_f32(sum[0], x + pixel * s->in_c, w + tap * s->in_c, s->in_c);
            }
        }
    }
}

void tk_transpose_conv_f32(const float *restrict x, const float *restrict w, const float *restrict bias, float *restrict y,
                           const tk_conv_shape *shape, tk_range_f32 range)
{
    const tk_conv_shape *s = shape;

    for (int32_t i = 0; i < s->batch * s->out_h * s->out_w; ++i) {
        const float *image = x + i / (s->out_h * s->out_w) * (s->in_h * s->in_w * s->in_c);
        const tk_reach rows = tk_reach_of(i / s->out_w % s->out_h, s->pad_h, s->stride_h, s->k_h, s->in_h);
        const tk_reach columns = tk_reach_of(i % s->out_w, s->pad_w, s->stride_w, s->k_w, s->in_w);
        int32_t lanes;

        for (int32_t oc = 0; oc < s->out_c; oc += lanes) {
            float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};

            lanes = s->out_c - oc >= 4 ? 4 : 1;
            pixel_sums(sum, s, rows, columns, image, w + oc * (s->k_h * s->k_w * s->in_c), lanes);
            for (int32_t lane = 0; lane < lanes; ++lane) {
                *y++ = tk_limit_f32(sum[lane] + (bias != NULL ? bias[oc + lane] : 0.0f), range);
            }
        }
    }
}
