/* SPDX-License-Identifier: Apache-2.0 */
/* Two products in one multiplication, for cores without SIMD. Internal.
 *
 * The inputs a and b of two output pixels lie in one word, a + b * 2^16 modulo 2^32. Times a weight w, and summed up over a few
 * inputs, it is A + B * 2^16, the sums of both pixels in one: B is the upper half, one more if A is negative. Beginning with
 * 2^15, the lower half is not: as long as |A| < 2^15 the upper half is B. So sums are split after every group of inputs, into
 * the sum of the words and the sum of their upper halves: B is the second, A the first less B * 2^16 and the 2^15s. A group of two
 * inputs never exceeds 128 * 2 * 127; one of four may where its weights are small, which the compiler looks at.
 *
 * How a sum becomes a code: offsets, bias, multiplier, roundings, zero point and clamp of a channel are a staircase, and
 *
 *     u = min(max(sum - first, 0), range)
 *     code = ((u * high + (u * low >> split) + addend) >> 23) - 128
 *
 * has its steps, as the compiler proves. The products stay below 2^32. */
#ifndef TK_PAIRED_H
#define TK_PAIRED_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a channel has in the table `codes`, in words. */
enum { TK_PAIRED_FIRST, TK_PAIRED_RANGE, TK_PAIRED_HIGH, TK_PAIRED_LOW, TK_PAIRED_ADDEND, TK_PAIRED_CODE_WORDS };

static inline int8_t tk_paired_code(uint32_t sum, const uint32_t *code, int32_t split)
{
    const int32_t above = (int32_t)(sum - code[TK_PAIRED_FIRST]);
    const uint32_t raised = above < 0 ? 0 : (uint32_t)above;
    const uint32_t u = raised > code[TK_PAIRED_RANGE] ? code[TK_PAIRED_RANGE] : raised;
    const uint32_t scaled = u * code[TK_PAIRED_HIGH] + (u * code[TK_PAIRED_LOW] >> split) + code[TK_PAIRED_ADDEND];

    return (int8_t)((int32_t)(scaled >> 23) - 128);
}

/* The upper half of a word, as a signed number. */
static inline uint32_t tk_paired_upper(uint32_t word)
{
    return (uint32_t)((int32_t)word >> 16);
}

#ifdef __cplusplus
}
#endif

#endif
