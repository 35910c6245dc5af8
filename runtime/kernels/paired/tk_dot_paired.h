/* SPDX-License-Identifier: Apache-2.0 */
/* Which files of the kernels tk_dot_paired* are in force: assembly on Armv6-M, C elsewhere. Internal. */
#ifndef TK_DOT_PAIRED_H
#define TK_DOT_PAIRED_H

#if defined(__ARM_ARCH_6M__) && defined(__GNUC__) && !defined(__ARM_BIG_ENDIAN) && !defined(TK_NO_ASM)
#define TK_PAIRED_ASM 1
#else
#define TK_PAIRED_ASM 0
#endif

#endif
