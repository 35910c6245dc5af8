/* SPDX-License-Identifier: Apache-2.0 */
/* Which files of the kernels tk_dot_wide* are in force: assembly on 32-bit RISC-V with multiplication, C elsewhere. Internal. */
#ifndef TK_DOT_WIDE_H
#define TK_DOT_WIDE_H

#if defined(__riscv) && defined(__riscv_mul) && defined(__GNUC__) && !defined(__riscv_32e) && !defined(TK_NO_ASM)
#if __riscv_xlen == 32
#define TK_WIDE_ASM 1
#endif
#endif
#ifndef TK_WIDE_ASM
#define TK_WIDE_ASM 0
#endif

#endif
