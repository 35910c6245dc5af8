/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_dot_wide4_s8 for RV32IM. Contract: its header.
 * Compilers load a turn's weights ahead, and spill.
 *
 * Four inputs of two pixels times four channels, 32 products: 67 instructions.
 *
 *   a0 x   a1 w   a2 end   a3 sums   t0, t1, s3, s4 inputs   s0 a group's sum   s1 a product   s2 2^15
 *   t3-t6 sums of words   a4-a7 sums of upper halves */
#include "tk_dot_wide.h"

#if TK_WIDE_ASM
.macro product input, offset
    lb      s1, (\offset)(a1)
    mul     s1, s1, \input
    add     s0, s0, s1
.endm

.macro four offset, words, uppers
    lb      s0, (\offset)(a1)
    mul     s0, s0, t0
    add     s0, s0, s2
    product t1, \offset + 1
    product s3, \offset + 2
    product s4, \offset + 3
    add     \words, \words, s0
    srai    s0, s0, 16
    add     \uppers, \uppers, s0
.endm

    .section .text.tk_dot_wide4_s8, "ax", %progbits
    .balign 4
    .global tk_dot_wide4_s8
    .type tk_dot_wide4_s8, %function
tk_dot_wide4_s8:
    addi    sp, sp, -32
    sw      s0, 28(sp)
    sw      s1, 24(sp)
    sw      s2, 20(sp)
    sw      s3, 16(sp)
    sw      s4, 12(sp)
    li      s2, 0x8000
    li      t3, 0
    li      t4, 0
    li      t5, 0
    li      t6, 0
    li      a4, 0
    li      a5, 0
    li      a6, 0
    li      a7, 0
1:
    lw      t0, 0(a0)
    lw      t1, 4(a0)
    lw      s3, 8(a0)
    lw      s4, 12(a0)
    four    0, t3, a4
    four    4, t4, a5
    four    8, t5, a6
    four    12, t6, a7
    addi    a0, a0, 16
    addi    a1, a1, 16
    bne     a0, a2, 1b
    sw      t3, 0(a3)
    sw      t4, 4(a3)
    sw      t5, 8(a3)
    sw      t6, 12(a3)
    sw      a4, 16(a3)
    sw      a5, 20(a3)
    sw      a6, 24(a3)
    sw      a7, 28(a3)
    lw      s0, 28(sp)
    lw      s1, 24(sp)
    lw      s2, 20(sp)
    lw      s3, 16(sp)
    lw      s4, 12(sp)
    addi    sp, sp, 32
    ret
    .size tk_dot_wide4_s8, . - tk_dot_wide4_s8
#endif
