/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_coded_s8.h"

#include "tk_output_packed_s8.h"

void tk_fully_connected_coded_s8(const int8_t *restrict x, int8_t *restrict y, const tk_fully_connected_coded *restrict p,
                                 int8_t *restrict tile, uint16_t *restrict lookup)
{
    const arm_nn_output_stage stage = tk_packed_stage(&p->requant, p->output_offset, &p->activation);
    tk_weight_reader reader = tk_open_weights(&p->weights, lookup);

    for (int32_t c = 0; c < p->outputs; c += p->tile) {
        const int32_t count = arm_nn_min(p->outputs - c, p->tile);

        tk_next_units(&reader, count, p->inputs, tile);
        for (int32_t r = 0; r < p->rows; ++r) {
            const arm_nn_window window = {
                {x + r * p->inputs, 1, 0, 0, 0}, 1, 0, p->inputs, p->input_offset, 0, 0, p->inputs};

            arm_nn_window_s8(&window, tile, 0, &stage, c, count, y + r * p->outputs + c);
        }
    }
}
