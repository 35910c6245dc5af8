/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_words_s8.h"

#if !TK_DSP_ASM

void tk_depthwise3_words_s8(const int8_t *restrict taps, uint32_t *restrict w, const tk_depthwise3_source *source)
{
    for (int32_t q = 0; q < 4; ++q) {
        const uint32_t word = source->words[q];

        tk_depthwise3_channel(taps + q * TK_DEPTHWISE3_TAPS, (int32_t)(word >> 2 | UINT32_C(0x40000000)),
                              (uint32_t)source->right - (word & 3u), source->low[q], source->zero_point, source->addend,
                              w + q * TK_DEPTHWISE3_WORDS);
    }
}

#endif
