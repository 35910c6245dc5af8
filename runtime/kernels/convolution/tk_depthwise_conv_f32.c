/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_conv_f32.h"

#include <stddef.h>

#include "tk_math.h"
#include "tk_window.h"

/* The taps of a window that lie inside the input. Steps count floats. */
typedef struct {
    int32_t rows;
    int32_t columns;
    int32_t x_row;
    int32_t x_column;
    int32_t w_row;
    int32_t w_column;
} taps;

/* One output channel. */
static float sum_taps1(const taps *t, const float *x, const float *w)
{
    float sum = 0.0f;

    for (int32_t row = 0; row < t->rows; ++row) {
        for (int32_t column = 0; column < t->columns; ++column) {
            sum += x[row * t->x_row + column * t->x_column] * w[row * t->w_row + column * t->w_column];
        }
    }
    return sum;
}

/* Four neighbouring channels of multiplier 1: the steps are shared. */
static void sum_taps4(float sum[4], const taps *t, const float *x, const float *w)
{
    float sum0 = 0.0f;
    float sum1 = 0.0f;
    float sum2 = 0.0f;
    float sum3 = 0.0f;

    for (int32_t row = 0; row < t->rows; ++row) {
        for (int32_t column = 0; column < t->columns; ++column) {
            const float *xs = x + row * t->x_row + column * t->x_column;
            const float *ws = w + row * t->w_row + column * t->w_column;

            sum0 += xs[0] * ws[0];
            sum1 += xs[1] * ws[1];
            sum2 += xs[2] * ws[2];
            sum3 += xs[3] * ws[3];
        }
    }
    sum[0] = sum0;
    sum[1] = sum1;
    sum[2] = sum2;
    sum[3] = sum3;
}

/* All output channels of one pixel. x and w: the first tap inside the input; y: the output pixel. */
static void convolve_pixel(const taps *t, const tk_conv_shape *s, const float *x, const float *w, const float *bias,
                           float *y, tk_range_f32 range)
{
    const int32_t multiplier = s->out_c / s->in_c;
    int32_t lanes;

    for (int32_t oc = 0; oc < s->out_c; oc += lanes) {
        float sum[4];

        lanes = multiplier == 1 && s->out_c - oc >= 4 ? 4 : 1;
        if (lanes == 4) {
            sum_taps4(sum, t, x + oc, w + oc);
        } else {
            sum[0] = sum_taps1(t, x + oc / multiplier, w + oc);
        }
        for (int32_t lane = 0; lane < lanes; ++lane) {
            y[oc + lane] = tk_limit_f32(sum[lane] + (bias != NULL ? bias[oc + lane] : 0.0f), range);
        }
    }
}

void tk_depthwise_conv_f32(const float *restrict x, const float *restrict w, const float *restrict bias,
                           float *restrict y, const tk_conv_shape *shape, tk_range_f32 range)
{
    const tk_conv_shape *s = shape;
    taps t = {0, 0, s->dilation_h * s->in_w * s->in_c, s->dilation_w * s->in_c, s->k_w * s->out_c, s->out_c};

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            const tk_window h = tk_window_clip(oh * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);

            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_window v = tk_window_clip(ow * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);
                const int32_t inside = h.count != 0 && v.count != 0;

                /* Of an empty window nothing is read: its pointers must not leave the arrays all the same. */
                t.rows = h.count;
                t.columns = v.count;
                convolve_pixel(&t, s, inside ? x + (h.first * s->in_w + v.first) * s->in_c : x,
                               inside ? w + (h.begin * s->k_w + v.begin) * s->out_c : w, bias, y, range);
                y += s->out_c;
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}
