/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DOT_LONG_S8_H
#define TK_DOT_LONG_S8_H

#if defined(__ARM_ARCH_7M__) && defined(__GNUC__) && !defined(__ARM_BIG_ENDIAN) && !defined(TK_NO_ASM)
#define TK_LONG_ASM 1
#else
#define TK_LONG_ASM 0
#endif

#ifndef __ASSEMBLER__

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The sums of two output pixels and four channels: see tk_long.h.
 * x: a word for each input, up to `end`, a multiple of 4 of them. w: of each input the weights of the four channels.
 * sums: of each channel 2^22 + A + B * 2^23. */
void tk_dot_long_s8(const int32_t *x, const int8_t *w, const int32_t *end, int64_t *sums);

#ifdef __cplusplus
}
#endif

#endif

#endif
