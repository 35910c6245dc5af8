/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_convolve_coded_s8.h"

#include "tk_output_packed_s8.h"

/* `count` output channels from `first` on of a row of the image `x`. */
static void row(const int8_t *x, const int8_t *w, int8_t *y, int32_t i, int32_t first, int32_t count, const tk_convolve_coded *p,
                const arm_nn_output_stage *stage)
{
    const cmsis_nn_conv_params *const conv = &p->conv;
    const int32_t depth = p->w.c;
    const int32_t line = p->w.w * depth;
    const int32_t image = p->x.w * depth;
    const arm_nn_span rows =
        arm_nn_clip(i * conv->stride.h - conv->padding.h, conv->dilation.h, p->w.h, p->x.h, 1);
    arm_nn_window window = {{x + rows.input * image, rows.count, rows.input_step * image, 0, 0}, 1, 0, 0,
                            conv->input_offset, 0, rows.tap_step * line, p->w.h * line};

    for (int32_t j = 0; j < p->y.w; ++j) {
        const arm_nn_span columns =
            arm_nn_clip(j * conv->stride.w - conv->padding.w, conv->dilation.w, p->w.w, p->x.w, 1);
        const int whole = columns.tap_step == 1 && columns.input_step == 1; /* pixels side by side, and their weights */

        window.runs = whole ? 1 : columns.count;
        window.run_length = whole ? columns.count * depth : depth;
        window.run_step = columns.input_step * depth;
        window.filter_run_step = columns.tap_step * depth;
        window.rows.first = x + rows.input * image + columns.input * depth;
        arm_nn_window_s8(&window, w + rows.tap * line + columns.tap * depth, 0, stage, first, count, y + j * p->y.c);
    }
}

void tk_convolve_coded_s8(const int8_t *restrict x, int8_t *restrict y, const tk_convolve_coded *restrict p, int8_t *restrict tile,
                          uint16_t *restrict lookup)
{
    const arm_nn_output_stage stage = tk_packed_stage(&p->requant, p->conv.output_offset, &p->conv.activation);
    const int32_t lines = p->x.n * p->y.h;
    tk_weight_reader reader = tk_open_weights(&p->weights, lookup);

    for (int32_t c = 0; c < p->y.c; c += p->tile) {
        const int32_t count = arm_nn_min(p->y.c - c, p->tile);

        tk_next_units(&reader, count, p->w.h * p->w.w * p->w.c, tile);
        for (int32_t i = 0; i < lines; ++i) {
            const int32_t image = i / p->y.h;

            row(x + image * p->x.h * p->x.w * p->x.c, tile, y + i * p->y.w * p->y.c + c, i - image * p->y.h, c, count, p, &stage);
        }
    }
}
