/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_unpack_paired.h"

#include "tk_paired.h"

void tk_unpack_paired(const tk_packed_codes *restrict packed, uint32_t *restrict codes)
{
    const tk_requant requant = packed->requant; /* of this function alone, so that no store changes it */
    const int32_t split = packed->shift;
    const int32_t channels = packed->channels;

    for (int32_t c = 0; c < channels; ++c) {
        const tk_requant_channel found = tk_requant_of(&requant, c);
        const int32_t right = -found.shift;
        const uint32_t whole = (uint32_t)found.multiplier;
        const uint32_t multiplier = whole >> (right + 8 - split);
        const uint32_t range = whole >> 16 != 0 ? UINT32_C(0xff000000) / (whole >> 16) : 0;

        codes[TK_PAIRED_FIRST] = 0u - (uint32_t)found.bias;
        codes[TK_PAIRED_RANGE] = right > 9 ? range << (right - 9) : range >> (9 - right);
        codes[TK_PAIRED_HIGH] = multiplier >> split;
        codes[TK_PAIRED_LOW] = multiplier & ((UINT32_C(1) << split) - 1);
        codes[TK_PAIRED_ADDEND] = UINT32_C(0x400000) + (UINT32_C(0x400000) >> right);
        codes += TK_PAIRED_CODE_WORDS;
    }
}
