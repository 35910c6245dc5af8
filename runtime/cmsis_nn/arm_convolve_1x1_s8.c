/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

arm_cmsis_nn_status arm_convolve_1x1_s8(const cmsis_nn_context *ctx,
                                        const cmsis_nn_conv_params *conv_params,
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
    (void)filter_dims;
    (void)bias_dims;
    if (conv_params->padding.w != 0 || conv_params->padding.h != 0) {
        return ARM_CMSIS_NN_ARG_ERROR;
    }
    const int32_t row_bytes = input_dims->w * input_dims->c;
    const arm_nn_output_stage stage =
        arm_nn_per_channel_stage(bias_data, quant_params, conv_params->output_offset, &conv_params->activation);
    for (int32_t n = 0; n < input_dims->n; n++) {
        for (int32_t y = 0; y < output_dims->h; y++) {
            arm_nn_pointwise_row_s8(input_data + y * conv_params->stride.h * row_bytes,
                                    conv_params->stride.w * input_dims->c,
                                    output_dims->w,
                                    input_dims->c,
                                    output_dims->c,
                                    conv_params->input_offset,
                                    filter_data,
                                    &stage,
                                    output_dims->c,
                                    output_data);
            output_data += output_dims->w * output_dims->c;
        }
        input_data += input_dims->h * row_bytes;
    }
    return ARM_CMSIS_NN_SUCCESS;
}
