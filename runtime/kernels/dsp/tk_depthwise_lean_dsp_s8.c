/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_lean_dsp_s8.h"

#include "tk_depthwise_near_s8.h"
#include "tk_window.h"

#define TAP 8    /* bytes of weights of a tap of four channels, */
#define ENDS 80  /* and of all that follows the taps */

static void pixel(const int8_t *x, int8_t *y, const uint32_t *w, const tk_conv_shape *s, tk_window rows, tk_window columns,
                  uint32_t negative)
{
    const int32_t taps = s->k_h * s->k_w * TAP;
    tk_depthwise_near near = {rows.count,
                              columns.count,
                              s->dilation_w * s->in_c,
                              s->dilation_h * s->in_w * s->in_c,
                              (s->k_w - columns.count) * TAP,
                              (rows.begin * s->k_w + columns.begin) * TAP,
                              taps,
                              taps + ENDS,
                              s->in_c / 4,
                              negative};
    const int8_t *const first = x + (rows.first * s->in_w + columns.first) * s->in_c;

    tk_depthwise_near_s8(first, y, w, &near);
    if (s->in_c % 4 != 0) {
        w += near.fours * (near.four / 4);
        near.fours = 1;
        tk_depthwise_near_s8(first + s->in_c - 4, y + s->in_c - 4, w, &near);
    }
}

void tk_depthwise_lean_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const uint32_t *restrict weights,
                              const tk_conv_shape *shape, int32_t zero_point)
{
    const tk_conv_shape *const s = shape;
    const uint32_t negative = tk_pair(-zero_point, -zero_point);

    for (int32_t i = 0; i < s->batch * s->out_h; ++i) {
        const int32_t image = i / s->out_h;
        const int32_t top = (i - image * s->out_h) * s->stride_h - s->pad_h;
        const tk_window rows = tk_window_clip(top, s->dilation_h, s->k_h, s->in_h);

        for (int32_t j = 0; j < s->out_w; ++j) {
            const tk_window columns = tk_window_clip(j * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);

            pixel(x + image * (s->in_h * s->in_w * s->in_c), y + (i * s->out_w + j) * s->in_c, weights, s, rows, columns, negative);
        }
    }
}
