/* SPDX-License-Identifier: Apache-2.0 */
/* How a sum becomes a code where no single rounding has the steps, as those of TensorFlow Lite Micro for sums of both signs:
 *
 *     v = sum * 2^8 + start
 *     high = v * multiplier / 2^32, downwards, less 2^7 where it is negative: halves go away from zero
 *     code = (high + addend) / 2^shift, downwards, saturated
 *
 * The multiplier is below 2^31, |v| too. Internal. */
#ifndef TK_ANY_H
#define TK_ANY_H

#include <stdint.h>

#include "tk_folded.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a channel has in the table `codes`, in words. */
enum { TK_ANY_START, TK_ANY_MULTIPLIER, TK_ANY_ADDEND, TK_ANY_SHIFT, TK_ANY_WORDS };

/* (v * multiplier) >> 32, the multiplier not negative, in products of 32 bits. */
static inline int32_t tk_high_word_narrow(int32_t v, uint32_t multiplier)
{
    const uint32_t v_low = (uint32_t)v & 0xffffu;
    const int32_t v_high = v >> 16;
    const uint32_t low = multiplier & 0xffffu;
    const uint32_t high = multiplier >> 16;
    const int32_t middle = v_high * (int32_t)low + (int32_t)(v_low * low >> 16);
    const uint32_t rest = v_low * high + ((uint32_t)middle & 0xffffu);

    return v_high * (int32_t)high + (middle >> 16) + (int32_t)(rest >> 16);
}

static inline int32_t tk_high_word(int32_t v, uint32_t multiplier)
{
    return (int32_t)(((int64_t)v * (int32_t)multiplier) >> 32);
}

static inline int32_t tk_any_value(int32_t sum, const uint32_t *code)
{
    return (int32_t)(((uint32_t)sum << 8) + code[TK_ANY_START]);
}

/* Within int8, in a register. */
static inline int32_t tk_any_rounded(int32_t high, const uint32_t *code)
{
    const int32_t y = high + (high < 0 ? (int32_t)code[TK_ANY_ADDEND] - 128 : (int32_t)code[TK_ANY_ADDEND]);

    return tk_saturated_s8(y >> code[TK_ANY_SHIFT]);
}

static inline int32_t tk_any_code(int32_t sum, const uint32_t *code)
{
    return tk_any_rounded(tk_high_word(tk_any_value(sum, code), code[TK_ANY_MULTIPLIER]), code);
}

/* The same on cores without long multiplication. */
static inline int32_t tk_any_narrow_code(int32_t sum, const uint32_t *code)
{
    return tk_any_rounded(tk_high_word_narrow(tk_any_value(sum, code), code[TK_ANY_MULTIPLIER]), code);
}

#ifdef __cplusplus
}
#endif

#endif
