/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fpu_conv_f32.h"

#include "tk_fpu_gemm_f32.h"
#include "tk_slide_f32.h"

void tk_fpu_conv_row_f32(const float *const *rows, float *y, float *windows, const tk_conv_windows_f32 *layer)
{
    tk_conv_row_windows_f32(rows, y, windows, 1, tk_fpu_gemm_f32, layer);
}

void tk_fpu_conv_f32(const float *x, float *y, float *windows, const tk_conv_windows_f32 *layer)
{
    const tk_slide_f32 *s = &layer->slide;
    const float *rows[TK_F32_MAX_ROWS];

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t i = 0; i < s->out_h; ++i) {
            tk_find_rows_f32(x + b * s->in_h * s->in_w * s->column, i, s, rows);
            tk_fpu_conv_row_f32(rows, y, windows, layer);
            y += s->out_w * s->out_column;
        }
    }
}
