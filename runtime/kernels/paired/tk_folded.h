/* SPDX-License-Identifier: Apache-2.0 */
/* How a sum becomes a code on cores that multiply into 64 bits: offsets, bias, multiplier, roundings, zero point and clamp of a
 * channel are a staircase, and min(max((sum * multiplier + addend) >> (32 + shift), -128), 127) has its steps, as the compiler
 * proves. Internal. */
#ifndef TK_FOLDED_H
#define TK_FOLDED_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a channel has in a table, in words: the multiplier, below 2^31, and both halves of the addend. */
enum { TK_FOLDED_MULTIPLIER, TK_FOLDED_LOW, TK_FOLDED_HIGH, TK_FOLDED_WORDS };

static inline int32_t tk_saturated_s8(int32_t y)
{
#if defined(__ARM_FEATURE_SAT) && defined(__GNUC__)
    int32_t saturated;

    __asm__("ssat %0, #8, %1" : "=r"(saturated) : "r"(y));
    return saturated;
#else
    return y < -128 ? -128 : y > 127 ? 127 : y;
#endif
}

/* Within int8; in a register, where a byte would have to be widened again. */
static inline int32_t tk_folded_code(int32_t sum, const uint32_t *code, int32_t shift)
{
    const int64_t addend = (int64_t)((uint64_t)code[TK_FOLDED_HIGH] << 32 | code[TK_FOLDED_LOW]);
    const int64_t scaled = (int64_t)sum * (int32_t)code[TK_FOLDED_MULTIPLIER] + addend;

    return tk_saturated_s8((int32_t)(scaled >> 32) >> shift);
}

#ifdef __cplusplus
}
#endif

#endif
