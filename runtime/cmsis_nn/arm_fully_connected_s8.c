/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

arm_cmsis_nn_status arm_fully_connected_s8(const cmsis_nn_context *ctx,
                                           const cmsis_nn_fc_params *fc_params,
                                           const cmsis_nn_per_tensor_quant_params *quant_params,
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
    int32_t multiplier[ARM_NN_BLOCK];
    int32_t shift[ARM_NN_BLOCK];
    for (int32_t i = 0; i < ARM_NN_BLOCK; i++) {
        multiplier[i] = quant_params->multiplier;
        shift[i] = quant_params->shift;
    }
    const arm_nn_output_stage stage = {arm_nn_output_s8,
                                       0,
                                       bias_data,
                                       multiplier,
                                       shift,
                                       0,
                                       fc_params->output_offset,
                                       fc_params->activation.min,
                                       fc_params->activation.max};
    arm_nn_fully_connected_s8(
        fc_params, input_dims->n, input_data, filter_dims->n, filter_data, output_dims->c, &stage, output_data);
    return ARM_CMSIS_NN_SUCCESS;
}
