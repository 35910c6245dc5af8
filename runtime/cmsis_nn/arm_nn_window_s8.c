/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

void arm_nn_window_s8(const arm_nn_window *window,
                      const int8_t *filter,
                      int32_t start,
                      const arm_nn_output_stage *stage,
                      int32_t first_channel,
                      int32_t channels,
                      int8_t *out)
{
    int32_t acc[ARM_NN_BLOCK];
    for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
        const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
        for (int32_t i = 0; i < count; i++) {
            acc[i] = start;
        }
        arm_nn_rows rows = window->rows;
        for (int32_t i = 0; i < window->runs; i++) {
            arm_nn_dot_s8(&rows,
                          window->run_length,
                          window->input_offset,
                          filter + i * window->filter_run_step,
                          window->filter_row_step,
                          window->filter_step,
                          count,
                          acc);
            rows.first += window->run_step;
        }
        arm_nn_output_s8(acc, count, first_channel + c, stage, out + c);
        filter += count * window->filter_step;
    }
}
