/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

void arm_nn_output_s8(const int32_t *restrict acc,
                      int32_t count,
                      int32_t first_channel,
                      const arm_nn_output_stage *restrict stage,
                      int8_t *restrict out)
{
    static const int32_t zeros[ARM_NN_BLOCK] = {0};
    const int32_t *restrict bias = stage->bias ? stage->bias + first_channel : zeros;
    const int32_t *restrict multiplier = stage->multiplier + first_channel * stage->step;
    const int32_t *restrict shift = stage->shift + first_channel * stage->step;
    const int32_t offset = stage->offset;
    const int32_t min = stage->min;
    const int32_t max = stage->max;
    for (int32_t i = 0; i < count; i++) {
        const int32_t y = arm_nn_requantize(arm_nn_wrapping_add(acc[i], bias[i]), multiplier[i], shift[i]);
        out[i] = (int8_t)arm_nn_clamp(arm_nn_wrapping_add(y, offset), min, max);
    }
}
