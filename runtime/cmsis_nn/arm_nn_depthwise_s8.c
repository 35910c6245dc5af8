/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

void arm_nn_depthwise_s8(arm_nn_depthwise_kernel *kernel,
                         const cmsis_nn_dw_conv_params *params,
                         const arm_nn_output_stage *stage,
                         const cmsis_nn_dims *input_dims,
                         const int8_t *input,
                         const cmsis_nn_dims *filter_dims,
                         const int8_t *filter,
                         const cmsis_nn_dims *output_dims,
                         int8_t *out)
{
    const int32_t row_bytes = input_dims->w * input_dims->c;
    const int32_t filter_row_bytes = filter_dims->w * output_dims->c;

    for (int32_t n = 0; n < input_dims->n; n++) {
        for (int32_t y = 0; y < output_dims->h; y++) {
            const arm_nn_span span = arm_nn_clip(
                y * params->stride.h - params->padding.h, params->dilation.h, filter_dims->h, input_dims->h, 1);
            const arm_nn_rows rows = {input + span.input * row_bytes, span.count, span.input_step * row_bytes, 0, 0};
            const int8_t *weights = filter + span.tap * filter_row_bytes;
            arm_nn_depthwise_row_s8(kernel, &rows, params, input_dims, filter_dims, output_dims, weights, stage, out);
            out += output_dims->w * output_dims->c;
        }
        input += input_dims->h * row_bytes;
    }
}
