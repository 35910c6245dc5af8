/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sparse_sums_s8.h"

/* The products of the two entries of a word. */
static inline int32_t two(const int8_t *x, uint32_t entries, int32_t sum)
{
    const int32_t first = x[entries & 0xffu];
    const int32_t second = x[(entries >> 16) & 0xffu];

#if defined(__ARM_FEATURE_DSP) && defined(__GNUC__)
    uint32_t weights;

    __asm__("sxtb16 %0, %1, ror #8" : "=r"(weights) : "r"(entries));
    return sum + (int16_t)first * (int16_t)(weights & 0xffffu) + (int16_t)second * (int16_t)(weights >> 16);
#else
    return sum + first * ((int32_t)(entries << 16) >> 24) + second * ((int32_t)entries >> 24);
#endif
}

const uint32_t *tk_sparse_sums_s8(const int8_t *restrict x, const uint32_t *restrict entries, const uint8_t *restrict counts,
                                  int32_t n, int32_t *restrict sums)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t count = counts[i];
        const uint32_t *const end = entries + count;
        int32_t sum = sums[i];

        if (count % 2 != 0) {
            sum = two(x, *entries++, sum);
        }
        for (; entries != end; entries += 2) {
            sum = two(x, entries[1], two(x, entries[0], sum));
        }
        sums[i] = sum;
    }
    return entries;
}
