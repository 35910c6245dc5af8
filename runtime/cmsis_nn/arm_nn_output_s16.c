/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s16.h"

void arm_nn_output_s16(
    const int64_t *acc, int32_t count, int32_t first_channel, const arm_nn_stage_s16 *stage, int16_t *out)
{
    for (int32_t i = 0; i < count; i++) {
        const int32_t c = first_channel + i;
        const int32_t multiplier = stage->multiplier[c * stage->step];
        const int32_t shift = stage->shift[c * stage->step];
        int32_t y;
        if (stage->is_int32) {
            const int32_t bias = stage->bias ? ((const int32_t *)stage->bias)[c] : 0;
            y = arm_nn_requantize((int32_t)(acc[i] + bias), multiplier, shift);
        } else {
            const int64_t bias = stage->bias ? ((const int64_t *)stage->bias)[c] : 0;
            y = arm_nn_requantize_s64((int64_t)((uint64_t)acc[i] + (uint64_t)bias), multiplier, shift);
        }
        out[i] = (int16_t)arm_nn_clamp(y, stage->min, stage->max);
    }
}
