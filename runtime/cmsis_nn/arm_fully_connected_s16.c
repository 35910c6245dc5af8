/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s16.h"
#include "arm_nnfunctions.h"

arm_cmsis_nn_status arm_fully_connected_s16(const cmsis_nn_context *ctx,
                                            const cmsis_nn_fc_params *fc_params,
                                            const cmsis_nn_per_tensor_quant_params *quant_params,
                                            const cmsis_nn_dims *input_dims,
                                            const int16_t *input_data,
                                            const cmsis_nn_dims *filter_dims,
                                            const int8_t *filter_data,
                                            const cmsis_nn_dims *bias_dims,
                                            const int64_t *bias_data,
                                            const cmsis_nn_dims *output_dims,
                                            int16_t *output_data)
{
    (void)ctx;
    (void)bias_dims;
    const int32_t depth = filter_dims->n;
    const int32_t channels = output_dims->c;
    const arm_nn_stage_s16 stage = {bias_data,
                                    false,
                                    &quant_params->multiplier,
                                    &quant_params->shift,
                                    0,
                                    fc_params->activation.min,
                                    fc_params->activation.max};
    for (int32_t n = 0; n < input_dims->n; n++) {
        for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
            const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
            int64_t acc[ARM_NN_BLOCK] = {0};
            arm_nn_dot_s16(input_data, depth, filter_data + c * depth, depth, count, acc);
            arm_nn_output_s16(acc, count, c, &stage, output_data + c);
        }
        input_data += depth;
        output_data += channels;
    }
    return ARM_CMSIS_NN_SUCCESS;
}
