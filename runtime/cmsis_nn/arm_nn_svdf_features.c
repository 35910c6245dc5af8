/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "arm_nn_internal.h"

void arm_nn_svdf_features(const int8_t *input,
                          const int8_t *weights,
                          const cmsis_nn_svdf_params *params,
                          const cmsis_nn_per_tensor_quant_params *quant,
                          int32_t inputs,
                          int32_t filters,
                          int32_t *newest)
{
    const arm_nn_rows rows = {input, 1, 0, 0, 0};
    memset(newest, 0, (size_t)filters * sizeof *newest);
    arm_nn_dot_s8(&rows, inputs, -params->input_offset, weights, 0, inputs, filters, newest);
    for (int32_t f = 0; f < filters; f++) {
        const int32_t y = arm_nn_requantize(newest[f], quant->multiplier, quant->shift);
        newest[f] = arm_nn_clamp(y, params->input_activation.min, params->input_activation.max);
    }
}
