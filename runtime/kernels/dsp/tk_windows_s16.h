/* SPDX-License-Identifier: Apache-2.0 */
/* The windows of a convolution of int16, one after the other. Internal. */
#ifndef TK_WINDOWS_S16_H
#define TK_WINDOWS_S16_H

#include <string.h>

#include "tk_products_s16.h"
#include "tk_shape.h"
#include "tk_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* depth: inputs of a window, rounded up to fours. in_place: window after window is a pixel of so many inputs,
 * read where it is. at_once: windows that are computed together, 1 or 2. */
typedef struct {
    tk_products_s16 products;
    tk_conv_shape shape;
    int32_t depth;
    int32_t in_place;
    int32_t at_once;
} tk_windows_s16;

/* A row of a window: the taps that are inside the image, between zeros. */
static inline void tk_window_row_s16(const int16_t *row, const tk_conv_shape *s, tk_window columns, int16_t *to)
{
    const int32_t run = s->dilation_w == 1 ? columns.count : 1;

    for (int32_t j = 0; j < columns.count; j += run) {
        memcpy(to + (columns.begin + j) * s->in_c, row + (columns.first + j * s->dilation_w) * s->in_c,
               (size_t)(run * s->in_c) * sizeof *to);
    }
}

/* The window of output pixel i: in x, or gathered in patch number k, of which each has room for `depth`. */
static inline const int16_t *tk_window_s16(const int16_t *x, const tk_windows_s16 *windows, int32_t i, int16_t *patches, int32_t k)
{
    const tk_conv_shape *const s = &windows->shape;

    if (windows->in_place != 0) {
        return x + i * windows->depth;
    }

    int16_t *const patch = patches + k * windows->depth;
    const int32_t line = i / s->out_w;
    const int32_t image = line / s->out_h;
    const int32_t top = (line - image * s->out_h) * s->stride_h - s->pad_h;
    const int32_t left = (i - line * s->out_w) * s->stride_w - s->pad_w;
    const int16_t *const whole = x + image * (s->in_h * s->in_w * s->in_c);
    const tk_window rows = tk_window_clip(top, s->dilation_h, s->k_h, s->in_h);
    const tk_window columns = tk_window_clip(left, s->dilation_w, s->k_w, s->in_w);
    const int32_t taps = s->k_w * s->in_c;
    const int32_t used = rows.count == s->k_h && columns.count == s->k_w ? s->k_h * taps : 0;

    memset(patch + used, 0, (size_t)(windows->depth - used) * sizeof *patch);
    for (int32_t a = 0; a < rows.count; ++a) {
        const int16_t *const row = whole + (rows.first + a * s->dilation_h) * (s->in_w * s->in_c);

        tk_window_row_s16(row, s, columns, patch + (rows.begin + a) * taps);
    }
    return patch;
}

#ifdef __cplusplus
}
#endif

#endif
