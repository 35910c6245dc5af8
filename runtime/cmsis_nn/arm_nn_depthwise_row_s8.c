/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

void arm_nn_depthwise_row_s8(arm_nn_depthwise_kernel *kernel,
                             const arm_nn_rows *rows,
                             const cmsis_nn_dw_conv_params *params,
                             const cmsis_nn_dims *input_dims,
                             const cmsis_nn_dims *filter_dims,
                             const cmsis_nn_dims *output_dims,
                             const int8_t *filter,
                             const arm_nn_output_stage *stage,
                             int8_t *out)
{
    const int32_t channels = output_dims->c;
    int32_t acc[ARM_NN_BLOCK];
    arm_nn_taps taps = {rows,
                        0,
                        params->dilation.w * input_dims->c,
                        channels,
                        channels / input_dims->c,
                        filter_dims->w * channels,
                        params->input_offset};
    for (int32_t x = 0; x < output_dims->w; x++) {
        const arm_nn_span span = arm_nn_clip(
            x * params->stride.w - params->padding.w, params->dilation.w, filter_dims->w, input_dims->w, 1);
        const int8_t *input = rows->first + span.input * input_dims->c;
        const int8_t *weights = filter + span.tap * channels;
        taps.taps = span.count;
        for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
            const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
            kernel(&taps, input, weights, c, count, acc);
            stage->output(acc, count, c, stage, out);
            out += count;
        }
    }
}
