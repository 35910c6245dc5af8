/* SPDX-License-Identifier: Apache-2.0 */
/* The windows of a convolution, gathered pixel by pixel: what kernels that take two pixels at a time begin with. Internal. */
#ifndef TK_PIXEL_PAIRS_H
#define TK_PIXEL_PAIRS_H

#include <string.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `taps` neighbouring pixels of an image row, the first one in column `column`; zero_point for those outside. */
static inline void tk_pair_run(const int8_t *row, int32_t column, int32_t taps, const tk_conv_shape *s, int32_t zero_point,
                               int8_t *to)
{
    const int32_t bytes = taps * s->in_c;

    if (column >= 0 && column + taps <= s->in_w) {
        const int8_t *const from = row + column * s->in_c;

        for (int32_t k = 0; k < bytes; ++k) {
            to[k] = from[k];
        }
        return;
    }

    const int32_t left = column < 0 ? (column < -taps ? taps : -column) : 0;
    const int32_t end = s->in_w - column < taps ? s->in_w - column : taps;
    const int32_t inside = end > left ? end - left : 0;
    const int32_t depth = s->in_c;

    if (left > 0) {
        memset(to, (int)zero_point, (size_t)(left * depth));
    }
    if (inside > 0) {
        const int8_t *const from = row + (column + left) * depth;

        for (int32_t k = 0; k < inside * depth; ++k) {
            to[left * depth + k] = from[k];
        }
    }
    if (left + inside < taps) {
        memset(to + (left + inside) * depth, (int)zero_point, (size_t)((taps - left - inside) * depth));
    }
}

/* The window of output pixel `pixel` of an image: k_h * k_w * in_c inputs. */
static inline void tk_pair_window(const int8_t *x, int32_t pixel, const tk_conv_shape *s, int32_t zero_point, int8_t *to)
{
    const int32_t top = pixel / s->out_w * s->stride_h - s->pad_h;
    const int32_t left = pixel % s->out_w * s->stride_w - s->pad_w;
    const int32_t run = s->dilation_w == 1 ? s->k_w : 1;

    for (int32_t i = 0; i < s->k_h; ++i) {
        const int32_t y = top + i * s->dilation_h;
        const int32_t inside = y >= 0 && y < s->in_h;

        for (int32_t j = 0; j < s->k_w; j += run, to += run * s->in_c) {
            if (inside) {
                tk_pair_run(x + y * s->in_w * s->in_c, left + j * s->dilation_w, run, s, zero_point, to);
            } else {
                memset(to, (int)zero_point, (size_t)(run * s->in_c));
            }
        }
    }
}

/* Where in an image the window of an output pixel begins, if all of it lies inside, and its rows without gaps; else -1. */
static inline int32_t tk_pair_inside(int32_t pixel, const tk_conv_shape *s)
{
    const int32_t top = pixel / s->out_w * s->stride_h - s->pad_h;
    const int32_t left = pixel % s->out_w * s->stride_w - s->pad_w;
    const int32_t inside = top >= 0 && top + (s->k_h - 1) * s->dilation_h < s->in_h && left >= 0 && left + s->k_w <= s->in_w;

    return inside && s->dilation_w == 1 ? (top * s->in_w + left) * s->in_c : -1;
}

/* Where the inputs of an output pixel lie: in the image itself if the kernel is one tap, else gathered at `room`. */
static inline const int8_t *tk_pair_inputs(const int8_t *x, int32_t pixel, const tk_conv_shape *s, int32_t zero_point, int8_t *room)
{
    if (s->k_h == 1 && s->k_w == 1 && s->pad_h == 0 && s->pad_w == 0) {
        const int32_t at = pixel / s->out_w * s->stride_h * s->in_w + pixel % s->out_w * s->stride_w;

        return x + at * s->in_c;
    }
    tk_pair_window(x, pixel, s, zero_point, room);
    return room;
}

#ifdef __cplusplus
}
#endif

#endif
