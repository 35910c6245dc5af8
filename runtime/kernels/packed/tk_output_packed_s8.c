/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_output_packed_s8.h"

void tk_output_packed_s8(const int32_t *restrict acc, int32_t count, int32_t first_channel,
                         const arm_nn_output_stage *restrict stage, int8_t *restrict out)
{
    const tk_requant *restrict q = stage->packed;
    const uint32_t *restrict words = q->words + first_channel;
    const int32_t base = q->shift;
    const int32_t offset = stage->offset;
    const int32_t min = stage->min;
    const int32_t max = stage->max;

    if (q->step == 1 && q->shifts == 0 && q->low != 0 && q->high == 0) {
        const int16_t *restrict bias = q->low + first_channel;

        for (int32_t i = 0; i < count; i++) {
            const uint32_t word = words[i];
            const int32_t y = arm_nn_requantize(arm_nn_wrapping_add(acc[i], bias[i]),
                                                (int32_t)(word >> 2 | UINT32_C(0x40000000)), base + (int32_t)(word & 3u));

            out[i] = (int8_t)arm_nn_clamp(arm_nn_wrapping_add(y, offset), min, max);
        }
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        const int32_t c = first_channel + i;
        const int32_t y = arm_nn_requantize(arm_nn_wrapping_add(acc[i], tk_requant_bias(q, c)), tk_requant_multiplier(q, c),
                                            tk_requant_shift(q, c));

        out[i] = (int8_t)arm_nn_clamp(arm_nn_wrapping_add(y, offset), min, max);
    }
}
