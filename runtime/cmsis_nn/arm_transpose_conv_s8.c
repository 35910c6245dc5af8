/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

/* The input pixels that reach an output pixel, along one axis: each one meets the tap `stride` before its predecessor's. */
typedef struct
{
    int32_t first;
    int32_t count;
    int32_t tap; /* of the first */
} reach;

static reach reach_of(int32_t output, int32_t padding, int32_t stride, int32_t taps, int32_t size)
{
    const int32_t position = output + padding;
    const int32_t first = arm_nn_max(position - taps + stride, 0) / stride;
    const int32_t last = arm_nn_min(position / stride, size - 1);
    const reach found = {first, last - first + 1, position - first * stride};
    const reach none = {0, 0, 0};
    return first <= last ? found : none;
}

arm_cmsis_nn_status arm_transpose_conv_s8(const cmsis_nn_context *ctx,
                                          const cmsis_nn_context *output_ctx,
                                          const cmsis_nn_transpose_conv_params *transpose_conv_params,
                                          const cmsis_nn_per_channel_quant_params *quant_params,
                                          const cmsis_nn_dims *input_dims,
                                          const int8_t *input_data,
                                          const cmsis_nn_dims *filter_dims,
                                          const int8_t *filter_data,
                                          const cmsis_nn_dims *bias_dims,
                                          const int32_t *bias_data,
                                          const cmsis_nn_dims *output_dims,
                                          int8_t *output_data)
{
    (void)ctx;
    (void)output_ctx;
    (void)bias_dims;
    const cmsis_nn_transpose_conv_params *params = transpose_conv_params;
    const int32_t depth = input_dims->c;
    const int32_t filter_row = filter_dims->w * depth;
    const arm_nn_output_stage stage =
        arm_nn_per_channel_stage(bias_data, quant_params, params->output_offset, &params->activation);
    arm_nn_window window = {{input_data, 0, input_dims->w * depth, 0, 0},
                            0,
                            depth,
                            depth,
                            params->input_offset,
                            -params->stride.w * depth,
                            -params->stride.h * filter_row,
                            filter_dims->h * filter_row};

    for (int32_t n = 0; n < input_dims->n; n++) {
        for (int32_t y = 0; y < output_dims->h; y++) {
            const reach rows = reach_of(y, params->padding.h, params->stride.h, filter_dims->h, input_dims->h);
            const int8_t *row = input_data + rows.first * window.rows.step;
            window.rows.count = rows.count;
            for (int32_t x = 0; x < output_dims->w; x++) {
                const reach columns = reach_of(x, params->padding.w, params->stride.w, filter_dims->w, input_dims->w);
                const int8_t *filter = filter_data + rows.tap * filter_row + columns.tap * depth;
                window.rows.first = row + columns.first * depth;
                window.runs = columns.count;
                arm_nn_window_s8(&window, filter, 0, &stage, 0, output_dims->c, output_data);
                output_data += output_dims->c;
            }
        }
        input_data += input_dims->h * window.rows.step;
    }
    return ARM_CMSIS_NN_SUCCESS;
}
