/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sparse_sums_s8.h"

#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__) && defined(__GNUC__)

/* sum + the products of two inputs and the weights of a word. Compilers find two of the three instructions, or none. */
static inline int32_t products(int32_t first, int32_t second, uint32_t entries, int32_t sum)
{
    uint32_t inputs, weights;
    int32_t found;

    __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(inputs) : "r"(first), "r"(second));
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(weights) : "r"(entries));
    __asm__("smlad %0, %1, %2, %3" : "=r"(found) : "r"(inputs), "r"(weights), "r"(sum));
    return found;
}

#else

static inline int32_t products(int32_t first, int32_t second, uint32_t entries, int32_t sum)
{
    return sum + first * ((int32_t)(entries << 16) >> 24) + second * ((int32_t)entries >> 24);
}

#endif

/* Of one word; of two, whose loads follow each other. */
static inline int32_t one(const int8_t *x, uint32_t a, int32_t sum)
{
    return products(x[a & 0xffu], x[(a >> 16) & 0xffu], a, sum);
}

static inline int32_t two(const int8_t *x, uint32_t a, uint32_t b, int32_t sum)
{
    const int32_t first = x[a & 0xffu], second = x[(a >> 16) & 0xffu];
    const int32_t third = x[b & 0xffu], fourth = x[(b >> 16) & 0xffu];

    return products(third, fourth, b, products(first, second, a, sum));
}

const uint32_t *tk_sparse_sums_s8(const int8_t *restrict x, const uint32_t *restrict entries, const uint8_t *restrict counts,
                                  int32_t n, int32_t *restrict sums)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t count = counts[i];
        const uint32_t *const end = entries + count;
        int32_t sum = sums[i];

        if (count & 1) {
            sum = one(x, *entries++, sum);
        }
        if (count & 2) {
            sum = two(x, entries[0], entries[1], sum);
            entries += 2;
        }
        for (; entries != end; entries += 4) {
            sum = two(x, entries[2], entries[3], two(x, entries[0], entries[1], sum));
        }
        sums[i] = sum;
    }
    return entries;
}
