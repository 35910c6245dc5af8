/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

void arm_nn_convolve_row_s8(const arm_nn_rows *rows,
                            const cmsis_nn_conv_params *params,
                            const cmsis_nn_dims *input_dims,
                            const cmsis_nn_dims *filter_dims,
                            const cmsis_nn_dims *output_dims,
                            const int8_t *filter,
                            int32_t filter_row_step,
                            int32_t upscale,
                            const arm_nn_output_stage *stage,
                            int8_t *out)
{
    const int32_t depth = filter_dims->c;
    const int32_t groups = input_dims->c / depth;
    const int32_t channels = output_dims->c / groups;
    const int32_t filter_step = filter_dims->h * filter_dims->w * depth;
    arm_nn_window window = {*rows, 1, 0, depth, params->input_offset, 0, filter_row_step, filter_step};

    for (int32_t x = 0; x < output_dims->w; x++) {
        const arm_nn_span span = arm_nn_clip(
            x * params->stride.w - params->padding.w, params->dilation.w, filter_dims->w, input_dims->w, upscale);
        if (groups == 1 && span.tap_step == 1 && span.input_step == 1) {
            window.run_length = span.count * depth; /* neighbouring pixels lie side by side, and so do their weights */
        } else {
            window.runs = span.count;
            window.run_step = span.input_step * input_dims->c;
            window.filter_run_step = span.tap_step * depth;
        }
        int32_t input = span.input * input_dims->c;
        int32_t weights = span.tap * depth;
        for (int32_t g = 0; g < groups; g++) {
            window.rows.first = rows->first + input;
            arm_nn_window_s8(&window, filter + weights, 0, stage, g * channels, channels, out);
            input += depth;
            weights += channels * filter_step;
            out += channels;
        }
    }
}
