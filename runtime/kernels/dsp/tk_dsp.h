/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for Cortex-M with the DSP extension: which files are in force, and its instructions in portable C. Internal.
 *
 * A function NAME is in NAME.S, written in assembly, and in NAME.c, its twin: the same contract, the same bytes, any compiler.
 * TK_DSP_ASM is 1 where the assembler's text is taken and the twin is empty. Define TK_NO_ASM to have the twins everywhere. */
#ifndef TK_DSP_H
#define TK_DSP_H

#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__) && defined(__ARM_ARCH_PROFILE) && !defined(__ARM_BIG_ENDIAN) \
    && defined(__GNUC__) && !defined(TK_NO_ASM)
#if __ARM_ARCH_PROFILE == 'M'
#define TK_DSP_ASM 1
#endif
#endif
#ifndef TK_DSP_ASM
#define TK_DSP_ASM 0
#endif

#ifndef __ASSEMBLER__

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Words hold two signed halfwords, the first in the low half. Sums wrap at 2^32, as the instructions' do. */
static inline int32_t tk_low(uint32_t word)
{
    return (int32_t)((word & 0xffffu) ^ 0x8000u) - INT32_C(0x8000);
}

static inline int32_t tk_high(uint32_t word)
{
    return tk_low(word >> 16);
}

/* A byte, 0 the lowest, as a signed number. */
static inline int32_t tk_byte(uint32_t word, int32_t which)
{
    return (int32_t)(((word >> (8 * which)) & 0xffu) ^ 0x80u) - INT32_C(0x80);
}

static inline uint32_t tk_pair(int32_t low, int32_t high)
{
    return ((uint32_t)low & 0xffffu) | ((uint32_t)high << 16);
}

/* SMLAD: sum + low * low + high * high. */
static inline uint32_t tk_smlad(uint32_t a, uint32_t b, uint32_t sum)
{
    return sum + (uint32_t)(tk_low(a) * tk_low(b)) + (uint32_t)(tk_high(a) * tk_high(b));
}

/* x / 2^by, rounded down. */
static inline int32_t tk_asr(uint32_t x, uint32_t by)
{
    return (int32_t)x >> by;
}

/* SMMLA: addend + the high word of the product. */
static inline int32_t tk_smmla(int32_t a, int32_t b, int32_t addend)
{
    return (int32_t)((uint32_t)addend + (uint32_t)(((int64_t)a * b) >> 32));
}

static inline int8_t tk_ssat8(int32_t x)
{
    return (int8_t)(x < -128 ? -128 : x > 127 ? 127 : x);
}

#ifdef __cplusplus
}
#endif

#endif

#endif
