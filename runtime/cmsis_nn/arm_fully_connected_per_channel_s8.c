/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

arm_cmsis_nn_status arm_fully_connected_per_channel_s8(const cmsis_nn_context *ctx,
                                           const cmsis_nn_fc_params *fc_params,
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
    const arm_nn_output_stage stage =
        arm_nn_per_channel_stage(bias_data, quant_params, fc_params->output_offset, &fc_params->activation);
    arm_nn_fully_connected_s8(
        fc_params, input_dims->n, input_data, filter_dims->n, filter_data, output_dims->c, &stage, output_data);
    return ARM_CMSIS_NN_SUCCESS;
}
