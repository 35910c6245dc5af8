/* SPDX-License-Identifier: Apache-2.0 */
/* The assembly of tk_tile_wide2_s8 and tk_tile_wide2_any_s8, which say by TK_ANY whether codes are those of tk_any.h or of
 * tk_folded.h. All channels of four output pixels, for RV32IM. Contract: tk_tile_wide2_s8.h. Compilers load a turn's weights
 * ahead, and spill. Internal.
 *
 * Four inputs of two pairs of pixels times four channels, 64 products: 139 instructions. A result takes 15 more, with TK_ANY 16.
 *
 *   a0 x   a1 w   a2 end of x; channels left   a3 2^15   a4-a7 inputs; constants of a channel   t0 t1 weights   t2 a group's sum
 *   ra a product   s0-s3 s4-s7 sums of words of both pairs   s8-s11 t3-t6 sums of upper halves */
#ifndef TK_TILE_WIDE2_BODY_H
#define TK_TILE_WIDE2_BODY_H

#include "tk_dot_wide.h"

#if TK_WIDE_ASM && defined(__ASSEMBLER__)

/* Frame, below the saved registers. */
#define X 0
#define DEPTH 4
#define STARTS 8
#define CODES 12
#define CHANNELS 16
#define SHIFT 20
#define Y 24 /* of four pixels */
#define FRAME 96

.macro pair x0, x1, words, uppers
    mul     t2, t0, \x0
    mul     ra, t1, \x1
    add     t2, t2, a3
    add     t2, t2, ra
    add     \words, \words, t2
    srai    t2, t2, 16
    add     \uppers, \uppers, t2
.endm

.macro channel offset, words0, uppers0, words1, uppers1
    lb      t0, (\offset)(a1)
    lb      t1, (\offset + 1)(a1)
    pair    a4, a6, \words0, \uppers0
    pair    a5, a7, \words1, \uppers1
.endm

/* The code of `sum` to place \at of a pixel; a4, a5, a6 the channel's constants, a7 shift. */
.macro code sum, pixel, at
#if TK_ANY
    slli    t1, \sum, 8
    add     t1, t1, a4
    mulh    t2, t1, a5
    srai    t1, t2, 31
    slli    t1, t1, 7 /* less 2^7 below zero */
    add     t2, t2, t1
    add     t2, t2, a6
#else
    mul     t1, \sum, a4
    mulh    t2, \sum, a4
    add     t1, t1, a5
    sltu    t1, t1, a5
    add     t2, t2, a6
    add     t2, t2, t1
#endif
    sra     t2, t2, a7
    addi    t1, t2, 128
    bltu    t1, a0, 1f
    srai    t2, t1, 31
    xori    t2, t2, 127 /* -128 or 127 */
1:
    lw      t1, (Y + 4 * \pixel)(sp)
    sb      t2, \at(t1)
.endm

.macro finish at, words0, uppers0, words1, uppers1
    lw      a0, CODES(sp)
    lw      t0, STARTS(sp)
    lw      a4, 0(a0)
    lw      a5, 4(a0)
    lw      a6, 8(a0)
#if TK_ANY
    lw      a7, 12(a0)
    addi    a0, a0, 16
#else
    addi    a0, a0, 12
#endif
    sw      a0, CODES(sp)
    li      a0, 256
    slli    t2, \uppers0, 16
    sub     \words0, \words0, t2
    sub     \words0, \words0, t0
    slli    t2, \uppers1, 16
    sub     \words1, \words1, t2
    sub     \words1, \words1, t0
    code    \words0, 0, \at
    code    \uppers0, 1, \at
    code    \words1, 2, \at
    code    \uppers1, 3, \at
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    addi    sp, sp, -FRAME
    sw      ra, 92(sp)
    sw      s0, 88(sp)
    sw      s1, 84(sp)
    sw      s2, 80(sp)
    sw      s3, 76(sp)
    sw      s4, 72(sp)
    sw      s5, 68(sp)
    sw      s6, 64(sp)
    sw      s7, 60(sp)
    sw      s8, 56(sp)
    sw      s9, 52(sp)
    sw      s10, 48(sp)
    sw      s11, 44(sp)
    sw      a0, X(sp)
    lw      t0, 0(a1)
    lw      t1, 4(a1)
    lw      t2, 8(a1)
    lw      t3, 12(a1)
    sw      t0, Y(sp)
    sw      t1, (Y + 4)(sp)
    sw      t2, (Y + 8)(sp)
    sw      t3, (Y + 12)(sp)
    lw      a1, 0(a2)
    lw      t0, 4(a2)
    lw      t1, 8(a2)
    lw      t2, 12(a2)
    lw      t3, 16(a2)
    slli    a3, t1, 14
    sw      t0, CODES(sp)
    slli    t1, t1, 3 /* bytes of x */
    sw      t1, DEPTH(sp)
    sw      a3, STARTS(sp)
    sw      t2, CHANNELS(sp)
    sw      t3, SHIFT(sp)
.Ltile_channels:
    lw      a0, X(sp)
    lw      a2, DEPTH(sp)
    li      a3, 0x8000
    add     a2, a2, a0
    li      s0, 0
    li      s1, 0
    li      s2, 0
    li      s3, 0
    li      s8, 0
    li      s9, 0
    li      s10, 0
    li      s11, 0
    li      s4, 0
    li      s5, 0
    li      s6, 0
    li      s7, 0
    li      t3, 0
    li      t4, 0
    li      t5, 0
    li      t6, 0
.Ltile_inputs:
    lw      a4, 0(a0)
    lw      a5, 4(a0)
    lw      a6, 8(a0)
    lw      a7, 12(a0)
    channel 0, s0, s8, s4, t3
    channel 2, s1, s9, s5, t4
    channel 4, s2, s10, s6, t5
    channel 6, s3, s11, s7, t6
    lw      a4, 16(a0)
    lw      a5, 20(a0)
    lw      a6, 24(a0)
    lw      a7, 28(a0)
    channel 8, s0, s8, s4, t3
    channel 10, s1, s9, s5, t4
    channel 12, s2, s10, s6, t5
    channel 14, s3, s11, s7, t6
    addi    a0, a0, 32
    addi    a1, a1, 16
    bne     a0, a2, .Ltile_inputs
    lw      a2, CHANNELS(sp)
    lw      a7, SHIFT(sp)
    finish  0, s0, s8, s4, t3
    addi    a2, a2, -1
    beqz    a2, 9f
    finish  1, s1, s9, s5, t4
    addi    a2, a2, -1
    beqz    a2, 9f
    finish  2, s2, s10, s6, t5
    addi    a2, a2, -1
    beqz    a2, 9f
    finish  3, s3, s11, s7, t6
    addi    a2, a2, -1
    beqz    a2, 9f
    sw      a2, CHANNELS(sp)
    lw      t0, Y(sp)
    lw      t1, (Y + 4)(sp)
    lw      t2, (Y + 8)(sp)
    lw      t3, (Y + 12)(sp)
    addi    t0, t0, 4
    addi    t1, t1, 4
    addi    t2, t2, 4
    addi    t3, t3, 4
    sw      t0, Y(sp)
    sw      t1, (Y + 4)(sp)
    sw      t2, (Y + 8)(sp)
    sw      t3, (Y + 12)(sp)
    j       .Ltile_channels
9:
    lw      ra, 92(sp)
    lw      s0, 88(sp)
    lw      s1, 84(sp)
    lw      s2, 80(sp)
    lw      s3, 76(sp)
    lw      s4, 72(sp)
    lw      s5, 68(sp)
    lw      s6, 64(sp)
    lw      s7, 60(sp)
    lw      s8, 56(sp)
    lw      s9, 52(sp)
    lw      s10, 48(sp)
    lw      s11, 44(sp)
    addi    sp, sp, FRAME
    ret
    .size TK_NAME, . - TK_NAME
#endif

#endif
