/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_output_folded_s8.h"

#include "tk_folded.h"

static inline int32_t code_of(int32_t sum, int32_t multiplier, int64_t half, int32_t least)
{
    const int64_t scaled = (int64_t)sum * multiplier + half;

    return tk_saturated_s8((int32_t)(scaled >> 32) >> (least - 1));
}

void tk_output_folded_s8(const int32_t *restrict acc, int32_t count, int32_t first_channel,
                         const arm_nn_output_stage *restrict stage, int8_t *restrict out)
{
    const tk_packed_codes *codes = (const tk_packed_codes *)(const void *)stage->packed;
    const tk_requant requant = codes->requant;
    const int32_t least = codes->shift;
    const int64_t one = INT64_C(1) << (31 + least);
    const int64_t half = codes->output_offset * one + one / 2;
    const uint32_t *other = codes->others;

    if (requant.step == 1 && requant.shifts == 0 && requant.low != 0 && requant.high == 0) {
        const uint32_t *restrict words = requant.words + first_channel;
        const int16_t *restrict bias = requant.low + first_channel;
        const int32_t most = -requant.shift - least;

        for (int32_t i = 0; i < count; i++) {
            const uint32_t word = words[i];
            const int32_t multiplier = (int32_t)(word >> 2 | UINT32_C(0x40000000)) >> (most - (int32_t)(word & 3u));

            out[i] = (int8_t)code_of(acc[i] + bias[i], multiplier, half, least);
        }
    } else {
        for (int32_t i = 0; i < count; i++) {
            const tk_requant_channel found = tk_requant_of(&requant, first_channel + i);

            out[i] = (int8_t)code_of(acc[i] + found.bias, found.multiplier >> (-found.shift - least), half, least);
        }
    }
    for (uint32_t left = other != 0 ? *other++ : 0; left != 0; --left, other += TK_FOLDED_WORDS) {
        const int32_t i = (int32_t)*other++ - first_channel;

        if (i >= 0 && i < count) {
            out[i] = (int8_t)tk_folded_code(acc[i], other, least - 1);
        }
    }
}
