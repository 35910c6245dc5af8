/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

void arm_nn_fully_connected_s8(const cmsis_nn_fc_params *params,
                               int32_t batches,
                               const int8_t *input,
                               int32_t depth,
                               const int8_t *filter,
                               int32_t channels,
                               const arm_nn_output_stage *stage,
                               int8_t *out)
{
    arm_nn_window window = {{input, 1, 0, 0, 0}, 1, 0, depth, params->input_offset, 0, 0, depth};
    for (int32_t n = 0; n < batches; n++, out += channels) {
        int32_t input_sum = 0;
        if (params->filter_offset != 0) {
            for (int32_t k = 0; k < depth; k++) {
                input_sum += window.rows.first[k] + params->input_offset;
            }
        }
        const int32_t start = arm_nn_wrapping_mul(input_sum, params->filter_offset);
        arm_nn_window_s8(&window, filter, start, stage, 0, channels, out);
        window.rows.first += depth;
    }
}
