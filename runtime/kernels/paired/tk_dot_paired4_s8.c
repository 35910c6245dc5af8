/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dot_paired4_s8.h"

#if !TK_PAIRED_ASM

#include "tk_paired.h"

void tk_dot_paired4_s8(const uint32_t *restrict x, const uint8_t *restrict w, const uint32_t *end, uint32_t *restrict sums)
{
    uint32_t word0 = 0;
    uint32_t upper0 = 0;
    uint32_t word1 = 0;
    uint32_t upper1 = 0;

    for (; x != end; x += 5, w += 8) {
        const uint32_t t0 = x[4] + x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + x[3] * w[3];
        const uint32_t t1 = x[4] + x[0] * w[4] + x[1] * w[5] + x[2] * w[6] + x[3] * w[7];

        word0 += t0;
        upper0 += tk_paired_upper(t0);
        word1 += t1;
        upper1 += tk_paired_upper(t1);
    }
    sums[0] = word0;
    sums[1] = upper0;
    sums[2] = word1;
    sums[3] = upper1;
}

#endif
