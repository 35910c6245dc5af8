/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dot_wide2_s8.h"

#if !TK_WIDE_ASM

#include "tk_paired.h"

static inline uint32_t term(uint32_t word, int8_t weight)
{
    const int32_t wide = weight;

    return word * (uint32_t)wide;
}

void tk_dot_wide2_s8(const uint32_t *restrict x, const int8_t *restrict w, const uint32_t *end, uint32_t *restrict sums)
{
    uint32_t words[4] = {0, 0, 0, 0};
    uint32_t uppers[4] = {0, 0, 0, 0};

    for (; x != end; x += 2, w += 8) {
        const uint32_t x0 = x[0];
        const uint32_t x1 = x[1];
        uint32_t t = 0x8000u + term(x0, w[0]) + term(x1, w[1]);

        words[0] += t;
        uppers[0] += tk_paired_upper(t);
        t = 0x8000u + term(x0, w[2]) + term(x1, w[3]);
        words[1] += t;
        uppers[1] += tk_paired_upper(t);
        t = 0x8000u + term(x0, w[4]) + term(x1, w[5]);
        words[2] += t;
        uppers[2] += tk_paired_upper(t);
        t = 0x8000u + term(x0, w[6]) + term(x1, w[7]);
        words[3] += t;
        uppers[3] += tk_paired_upper(t);
    }
    for (int32_t c = 0; c < 4; ++c) {
        sums[c] = words[c];
        sums[c + 4] = uppers[c];
    }
}

#endif
