/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_unpack_paired.h"

#include "tk_paired.h"

void tk_unpack_paired(const tk_packed_codes *restrict packed, uint32_t *restrict codes)
{
    const tk_requant requant = packed->requant; /* of this function alone, so that no store changes it */
    const int32_t split = packed->shift;
    const int32_t channels = packed->channels;
    const uint32_t nudge = packed->twice != 0 ? UINT32_C(0x400000) : 0;
    const uint32_t *other = packed->others;
    uint32_t *code = codes;

    for (int32_t c = 0; c < channels; ++c) {
        const tk_requant_channel found = tk_requant_of(&requant, c);
        const int32_t right = -found.shift;
        const uint32_t whole = (uint32_t)found.multiplier;
        const uint32_t multiplier = whole >> (right + 8 - split);
        const uint32_t range = whole >> 16 != 0 ? UINT32_C(0xff000000) / (whole >> 16) : 0;

        code[TK_PAIRED_FIRST] = 0u - (uint32_t)found.bias;
        code[TK_PAIRED_RANGE] = right > 9 ? range << (right - 9) : range >> (9 - right);
        code[TK_PAIRED_HIGH] = multiplier >> split;
        code[TK_PAIRED_LOW] = multiplier & ((UINT32_C(1) << split) - 1);
        code[TK_PAIRED_ADDEND] = UINT32_C(0x400000) + (nudge >> right);
        code += TK_PAIRED_CODE_WORDS;
    }
    for (uint32_t left = other != 0 ? *other++ : 0; left != 0; --left) {
        code = codes + (int32_t)*other++ * TK_PAIRED_CODE_WORDS;
        code[TK_PAIRED_FIRST] = other[TK_PAIRED_FIRST];
        code[TK_PAIRED_RANGE] = other[TK_PAIRED_RANGE];
        code[TK_PAIRED_HIGH] = other[TK_PAIRED_HIGH];
        code[TK_PAIRED_LOW] = other[TK_PAIRED_LOW];
        code[TK_PAIRED_ADDEND] = other[TK_PAIRED_ADDEND];
        other += TK_PAIRED_CODE_WORDS;
    }
}
