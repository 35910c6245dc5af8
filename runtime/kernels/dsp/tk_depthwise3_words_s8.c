/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_words_s8.h"

#if !TK_DSP_ASM

void tk_depthwise3_words_s8(const int8_t *restrict taps, uint32_t *restrict w, const tk_depthwise3_codes *codes,
                            int32_t first)
{
    const tk_requant *const requant = &codes->requant;

    for (int32_t q = 0; q < 4; ++q) {
        const uint32_t word = requant->words[first + q];

        tk_depthwise3_channel(taps + q * TK_DEPTHWISE3_TAPS, (int32_t)(word >> 2 | UINT32_C(0x40000000)),
                              (uint32_t)-requant->shift - (word & 3u), requant->low[first + q], codes->zero_point,
                              codes->addend, w + q * TK_DEPTHWISE3_WORDS);
    }
}

#endif
