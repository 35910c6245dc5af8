/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_output_folded_s8.h"

#include "tk_folded.h"

void tk_output_folded_s8(const int32_t *restrict acc, int32_t count, int32_t first_channel,
                         const arm_nn_output_stage *restrict stage, int8_t *restrict out)
{
    const tk_packed_codes *codes = (const tk_packed_codes *)(const void *)stage->packed;
    const tk_requant requant = codes->requant;
    const int32_t least = codes->shift;
    const int64_t one = INT64_C(1) << (31 + least);
    const int64_t half = codes->output_offset * one + one / 2;
    const uint32_t *other = codes->others;

    for (int32_t i = 0; i < count; i++) {
        const tk_requant_channel found = tk_requant_of(&requant, first_channel + i);
        const int64_t scaled = (int64_t)(acc[i] + found.bias) * (found.multiplier >> (-found.shift - least)) + half;

        out[i] = (int8_t)arm_nn_clamp((int32_t)(scaled >> 32) >> (least - 1), -128, 127);
    }
    for (uint32_t left = other != 0 ? *other++ : 0; left != 0; --left, other += TK_FOLDED_WORDS) {
        const int32_t i = (int32_t)*other++ - first_channel;

        if (i >= 0 && i < count) {
            out[i] = (int8_t)tk_folded_code(acc[i], other, least - 1);
        }
    }
}
