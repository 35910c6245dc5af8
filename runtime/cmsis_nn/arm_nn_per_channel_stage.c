/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

arm_nn_output_stage arm_nn_per_channel_stage(const int32_t *bias,
                                             const cmsis_nn_per_channel_quant_params *quant,
                                             int32_t output_offset,
                                             const cmsis_nn_activation *activation)
{
    const arm_nn_output_stage stage = {
        arm_nn_output_s8, 0, bias, quant->multiplier, quant->shift, 1, output_offset, activation->min, activation->max};
    return stage;
}
