/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of float32 convolutions, whatever computes their pixels. Internal. */
#ifndef TK_SLIDE_F32_H
#define TK_SLIDE_F32_H

#include <string.h>

#include "tk_gemm_f32.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*tk_multiply_f32)(const float *x, float *y, int32_t pixels, const tk_gemm_f32 *layer);
typedef void (*tk_sum_taps_f32)(const float *const *x, float *y, const tk_taps_f32 *layer);

/* The rows that row i of the output sees, of one image. */
static inline void tk_find_rows_f32(const float *image, int32_t i, const tk_slide_f32 *s, const float **rows)
{
    for (int32_t r = 0; r < s->rows; ++r) {
        const int32_t row = i * s->stride_h - s->pad_h + r * s->dilation_h;

        rows[r] = row >= 0 && row < s->in_h ? image + row * s->in_w * s->column : s->padding;
    }
}

/* `count` columns from `first` on of a row, zeros beside it. */
static inline void tk_take_columns_f32(float *to, const float *row, int32_t first, int32_t count, const tk_slide_f32 *s)
{
    const int32_t before = first < 0 ? (first + count < 0 ? count : -first) : 0;
    const int32_t left = s->in_w - first < count ? s->in_w - first : count;
    const int32_t end = left > before ? left : before;
    const size_t bytes = (size_t)s->column * sizeof *to;

    if (before > 0) {
        memset(to, 0, (size_t)before * bytes);
    }
    if (end > before) {
        memcpy(to + before * s->column, row + (first + before) * s->column, (size_t)(end - before) * bytes);
    }
    if (count > end) {
        memset(to + end * s->column, 0, (size_t)(count - end) * bytes);
    }
}

/* The window of output column j: [row][column], each of `column` floats. */
static inline void tk_take_window_f32(float *to, const float *const *rows, int32_t j, const tk_slide_f32 *s)
{
    const int32_t first = j * s->stride_w - s->pad_w;

    for (int32_t r = 0; r < s->rows; ++r) {
        if (s->dilation_w == 1) {
            tk_take_columns_f32(to, rows[r], first, s->columns, s);
            to += s->columns * s->column;
        } else {
            for (int32_t c = 0; c < s->columns; ++c) {
                tk_take_columns_f32(to, rows[r], first + c * s->dilation_w, 1, s);
                to += s->column;
            }
        }
    }
}

/* A row of a convolution, `together` windows at a time. windows: together * gemm.depth floats, overwritten. */
static inline void tk_conv_row_windows_f32(const float *const *rows, float *y, float *windows, int32_t together,
                                           tk_multiply_f32 multiply, const tk_conv_windows_f32 *layer)
{
    const tk_slide_f32 *s = &layer->slide;

    for (int32_t j = 0; j < s->out_w; j += together) {
        const int32_t pixels = s->out_w - j < together ? s->out_w - j : together;

        for (int32_t p = 0; p < pixels; ++p) {
            tk_take_window_f32(windows + p * layer->gemm.depth, rows, j + p, s);
        }
        multiply(windows, y + j * s->out_column, pixels, &layer->gemm);
    }
}

/* A row of a depthwise convolution. */
static inline void tk_depthwise_row_taps_f32(const float *const *rows, float *y, tk_sum_taps_f32 sum,
                                             const tk_depthwise_taps_f32 *layer)
{
    const tk_slide_f32 *s = &layer->slide;
    const float *taps[TK_F32_MAX_TAPS];

    for (int32_t j = 0; j < s->out_w; ++j) {
        const float **tap = taps;

        for (int32_t r = 0; r < s->rows; ++r) {
            int32_t column = j * s->stride_w - s->pad_w;

            for (int32_t c = 0; c < s->columns; ++c) {
                *tap = column >= 0 && column < s->in_w ? rows[r] + column * s->column : s->padding;
                tap += 1;
                column += s->dilation_w;
            }
        }
        sum(taps, y + j * s->out_column, &layer->taps);
    }
}

/* value limited, NaN left alone. */
static inline float tk_clamped_f32(float value, float min, float max)
{
    const float raised = value < min ? min : value;

    return max < raised ? max : raised;
}

#ifdef __cplusplus
}
#endif

#endif
