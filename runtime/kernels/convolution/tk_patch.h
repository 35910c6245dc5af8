/* SPDX-License-Identifier: Apache-2.0 */
/* What a convolution's window sees of its input, as stretches of contiguous elements. Internal. */
#ifndef TK_PATCH_H
#define TK_PATCH_H

#include <stdint.h>

#include "tk_shape.h"
#include "tk_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What of a window lies inside the input: rows x runs stretches of `length` contiguous elements, in x as in a filter.
 * Offsets and steps count elements. */
typedef struct {
    int32_t rows;
    int32_t runs;
    int32_t length;
    int32_t x_offset;
    int32_t x_row;
    int32_t x_run;
    int32_t w_offset;
    int32_t w_row;
    int32_t w_run;
} tk_patch;

/* The patch of output pixel (oh, ow). x NHWC; filters [k_h, k_w, in_c / groups]. */
static inline tk_patch tk_patch_at(const tk_conv_shape *s, int32_t oh, int32_t ow)
{
    const tk_window h = tk_window_clip(oh * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);
    const tk_window w = tk_window_clip(ow * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);
    const int32_t depth = s->in_c / s->groups;
    const int32_t inside = h.count != 0 && w.count != 0;
    tk_patch p;

    p.rows = h.count;
    p.runs = w.count;
    p.length = depth;
    if (s->dilation_w == 1 && s->groups == 1) {
        p.runs = 1;
        p.length = w.count * depth;
    }
    /* Of an empty window nothing is read: its pointers must not leave the arrays all the same. */
    p.x_offset = inside ? (h.first * s->in_w + w.first) * s->in_c : 0;
    p.x_row = s->dilation_h * s->in_w * s->in_c;
    p.x_run = s->dilation_w * s->in_c;
    p.w_offset = inside ? (h.begin * s->k_w + w.begin) * depth : 0;
    p.w_row = s->k_w * depth;
    p.w_run = depth;
    return p;
}

#ifdef __cplusplus
}
#endif

#endif
