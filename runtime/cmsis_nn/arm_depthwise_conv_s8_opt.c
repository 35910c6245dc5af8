/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

arm_cmsis_nn_status arm_depthwise_conv_s8_opt(const cmsis_nn_context *ctx,
                                              const cmsis_nn_dw_conv_params *dw_conv_params,
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
    (void)bias_dims;
    if (input_dims->c != output_dims->c) {
        return ARM_CMSIS_NN_ARG_ERROR;
    }
    const arm_nn_output_stage stage = arm_nn_per_channel_stage(
        bias_data, quant_params, dw_conv_params->output_offset, &dw_conv_params->activation);
    arm_nn_depthwise_s8(arm_nn_depthwise_equal_s8,
                        dw_conv_params,
                        &stage,
                        input_dims,
                        input_data,
                        filter_dims,
                        filter_data,
                        output_dims,
                        output_data);
    return ARM_CMSIS_NN_SUCCESS;
}
