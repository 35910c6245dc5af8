/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_unpack_folded.h"

#include "tk_folded.h"

void tk_unpack_folded(const tk_packed_codes *restrict packed, uint32_t *restrict codes)
{
    const tk_requant requant = packed->requant; /* of this function alone, so that no store changes it */
    const int32_t least = packed->shift;
    const int64_t one = INT64_C(1) << (31 + least);
    const int64_t half = packed->output_offset * one + one / 2;
    const int32_t channels = packed->channels;
    const int32_t nudge = packed->twice != 0 ? INT32_C(0x40000000) : 0;
    const uint32_t *other = packed->others;
    uint32_t *code = codes;

    for (int32_t c = 0; c < channels; ++c) {
        const tk_requant_channel found = tk_requant_of(&requant, c);
        const int32_t dropped = -found.shift - least;
        const int32_t multiplier = found.multiplier >> dropped;
        const uint64_t addend = (uint64_t)((int64_t)found.bias * multiplier + half + (nudge >> dropped));

        code[TK_FOLDED_MULTIPLIER] = (uint32_t)multiplier;
        code[TK_FOLDED_LOW] = (uint32_t)addend;
        code[TK_FOLDED_HIGH] = (uint32_t)(addend >> 32);
        code += TK_FOLDED_WORDS;
    }
    for (uint32_t left = other != 0 ? *other++ : 0; left != 0; --left) {
        code = codes + (int32_t)*other++ * TK_FOLDED_WORDS;
        code[TK_FOLDED_MULTIPLIER] = other[TK_FOLDED_MULTIPLIER];
        code[TK_FOLDED_LOW] = other[TK_FOLDED_LOW];
        code[TK_FOLDED_HIGH] = other[TK_FOLDED_HIGH];
        other += TK_FOLDED_WORDS;
    }
}
