/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_f32.h"

#include <stddef.h>

#include "tk_dot_f32.h"
#include "tk_math.h"
#include "tk_patch.h"

static float dot1(const tk_patch *p, const float *x, const float *w)
{
    float sum = 0.0f;

    for (int32_t row = 0; row < p->rows; ++row) {
        for (int32_t run = 0; run < p->runs; ++run) {
            sum = tk_dot1_f32(sum, x + row * p->x_row + run * p->x_run, w + row * p->w_row + run * p->w_run,
                              p->length);
        }
    }
    return sum;
}

static void dot4(float sum[4], const tk_patch *p, const float *x, const float *w, int32_t filter)
{
    for (int32_t row = 0; row < p->rows; ++row) {
        for (int32_t run = 0; run < p->runs; ++run) {
            tk_dot4_f32(sum, x + row * p->x_row + run * p->x_run, w + row * p->w_row + run * p->w_run, filter,
                        p->length);
        }
    }
}

/* All output channels of one pixel. x: the image; w, bias, y: as the caller's, y at the pixel. */
static void convolve_pixel(const tk_patch *p, const tk_conv_shape *s, const float *x, const float *w, const float *bias,
                           float *y, tk_range_f32 range)
{
    const int32_t depth = s->in_c / s->groups;
    const int32_t filters = s->out_c / s->groups;
    const int32_t filter = s->k_h * s->k_w * depth;
    int32_t lanes;

    for (int32_t oc = 0; oc < s->out_c; oc += lanes) {
        const int32_t group = oc / filters;
        const float *window = x + p->x_offset + group * depth;
        const float *first = w + oc * filter + p->w_offset;
        float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};

        lanes = (group + 1) * filters - oc >= 4 ? 4 : 1;
        if (lanes == 4) {
            dot4(sum, p, window, first, filter);
        } else {
            sum[0] = dot1(p, window, first);
        }
        for (int32_t lane = 0; lane < lanes; ++lane) {
            y[oc + lane] = tk_limit_f32(sum[lane] + (bias != NULL ? bias[oc + lane] : 0.0f), range);
        }
    }
}

void tk_conv_f32(const float *restrict x, const float *restrict w, const float *restrict bias, float *restrict y,
                 const tk_conv_shape *shape, tk_range_f32 range)
{
    const tk_conv_shape *s = shape;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_patch p = tk_patch_at(s, oh, ow);

                convolve_pixel(&p, s, x, w, bias, y, range);
                y += s->out_c;
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}
