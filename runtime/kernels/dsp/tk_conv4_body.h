/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_conv4_s8 and, if TK_ANY is 1, of tk_conv4_any_s8, under the name TK_NAME: assembly, for the .S files of these
 * names; with TK_APART 1 of tk_conv4_apart_s8 and tk_conv4_apart_any_s8, which take 2 instructions, 3 cycles more for a channel
 * pair, twice that where any is in their name. Contracts: tk_conv4_s8.h, tk_conv4_any_s8.h; the arithmetic: tk_gemm_s8.h. Internal.
 *
 * Weaving takes 24 instructions, 34 cycles for four bytes of four windows, and 20 instructions for each segment. A halfword
 * 256 * p + q + 128 is p's byte in its high half and q + 128, which is q with its sign bit turned, in its low one: UXTAB16 adds the
 * latter to the masked former.
 * Two inputs of four pixels times two channels, 16 products: 12 instructions, 13 cycles (LDM in place of three loads: 10 and 14).
 * The first such step takes its sums from the start values. Of the n = depth / 2 - 1 others, the last n up to 15, else 8 + n mod 8,
 * are a run of 16 that is entered in the middle; what was before them goes round a loop of eight. A channel pair without the
 * steps but the first (8 results): 59 instructions, 72 cycles.
 * Four windows that are woven already: 29 instructions, 44 cycles beside the channel pairs.
 *
 *   weaving: r0 x   r1 out   r2 0xff00ff00   r3-r8 pixels and results   r10, r11 pixels with sign bits turned   r12 pitch
 *   lr 3 * pitch
 *   products: r0 x   r1 weights   r2 weights of both channels, then of d   lr of c   r3, r7, r12 the three woven streams
 *   r4-r6 sums of c     r8, r10, r11 sums of d
 *   stack: 0 pitch   4 y   8 end of the first pixel's results   12 3 * pitch   16 woven   20 where the first step goes on
 *          24 end of the loop's x   28 where the loop goes on   32 rows   36 first   40 pitch of windows   44 bytes of row_step
 *          48 bytes of a segment   52 segments   56 rows of a window   60 bytes that a half word takes back
 *          64 next - bytes of a segment   68 weights   72 channels   76 fours left   80 end of the segment   84 segments left
 *          88 row   92 rows left   96 bytes from one woven four to the next   100 from its results to the next one's, less
 *          4 * pitch; apart: 20 the next constants   104 where the first step goes on   108 constants */
#ifndef TK_CONV4_BODY_H
#define TK_CONV4_BODY_H

#include "tk_conv4.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro products c1, c2, c3, d1, d2, d3
    sxtb16  lr, r2
    smlad   r4, r3, lr, \c1
    smlad   r5, r7, lr, \c2
    smlad   r6, r12, lr, \c3
    sxtb16  r2, r2, ror #8
    smlad   r8, r3, r2, \d1
    smlad   r10, r7, r2, \d2
    smlad   r11, r12, r2, \d3
.endm

.macro step
    ldr     r2, [r1], #4
    ldr     r3, [r0], #4
    ldr     r7, [r0], #4
    ldr     r12, [r0], #4
    products r4, r5, r6, r8, r10, r11
.endm
.set step_bytes, 48

.macro split t1, t2, t3, v4       /* sums of a channel -> 256 * A_1 .. 256 * A_4 in place and in v4 */
    sub     \v4, \t3, \t2, lsl #8
    add     \v4, \v4, \t1, lsl #16
    lsl     \v4, \v4, #8
    sub     \t3, \t3, \v4, asr #8
    sub     \t2, \t2, \t3, asr #8
    sub     \t1, \t1, \t2, asr #8
.endm

.macro code v, multiplier, addend
    smmla   \v, \v, \multiplier, \addend
    ssat    \v, #8, \v, asr #TK_GEMM_SHIFT
.endm

.macro any_code v, t              /* r0 multiplier, r2 addend, r3 below, r7 shift */
    and     \t, r3, \v, asr #31
    add     \t, \t, r2
    smmla   \v, \v, r0, \t
    asr     \v, \v, r7
    ssat    \v, #8, \v
.endm

#if TK_APART
.set frame, 112
.set entry, 104
#else
.set frame, 104
.set entry, 20
#endif

.macro constants t                /* multiplier and addend of c, then of d; any: multiplier, addend, below, shift of one of them */
#if TK_APART
    ldr     \t, [sp, #20]
    ldmia   \t!, {r0, r2, r3, r7}
    str     \t, [sp, #20]
#else
    ldmia   r1!, {r0, r2, r3, r7}
#endif
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #frame
    ldrd    r7, r8, [r3, #16]     /* step, advance */
    ldmia   r3, {r3-r6}           /* weave, gemm, woven, count */
    strd    r0, r1, [sp, #32]
    str     r7, [sp, #96]
    str     r5, [sp, #16]
    str     r6, [sp, #76]
    mov     r1, r8
    ldmia   r4, {r6-r8, r10}      /* weights, depth, channels, pitch */
    sub     r1, r1, r10, lsl #2
    str     r1, [sp, #100]
#if TK_APART
    ldr     r11, [r4, #16]        /* constants */
    str     r11, [sp, #108]
#endif
    strd    r6, r8, [sp, #68]
    mov     r1, r10
    add     r11, r2, r8
    add     r12, r10, r10, lsl #1
    stmia   sp, {r1, r2, r11, r12}
    add     r2, r7, r7, lsl #1
    add     r2, r5, r2, lsl #1    /* end of the woven */
    lsr     r7, r7, #1
    sub     r6, r7, #1
    mov     r7, r6
    cmp     r6, #16
    itt     ge
    andge   r7, r6, #7
    addge   r7, r7, #8            /* steps in the run */
    mov     r4, #step_bytes
    mul     r4, r7, r4
    adr     r8, 8f
    sub     r8, r8, r4
    orr     r8, r8, #1
    add     r7, r7, r7, lsl #1
    sub     r10, r2, r7, lsl #2
    strd    r10, r8, [sp, #24]
    adr     r4, 6f
    orr     r4, r4, #1
    it      lt
    movlt   r4, r8
    str     r4, [sp, #entry]
    ldmia   r3, {r4-r8, r10, r12} /* rows, row_step, segments, next, words, half, pitch */
    lsl     r5, r5, #2
    lsl     r8, r8, #2
    sub     r7, r7, r8
    add     r10, r10, r10, lsl #1
    lsl     r10, r10, #2
    strd    r12, r5, [sp, #40]
    strd    r8, r6, [sp, #48]
    strd    r4, r10, [sp, #56]
    str     r7, [sp, #64]
    cmp     r4, #0
    beq     11f
1:                                /* four pixels */
    ldr     r12, [sp, #40]
    ldr     r1, [sp, #16]
    ldr     r3, [sp, #32]
    ldr     r4, [sp, #56]
    cmp     r4, #0
    beq     9f
    mov     r2, #0xff00ff00
    add     lr, r12, r12, lsl #1
    str     r4, [sp, #92]
2:                                /* a row of their windows */
    ldr     r0, [r3]
    ldr     r5, [sp, #36]
    ldr     r4, [sp, #44]
    ldr     r6, [sp, #48]
    ldr     r7, [sp, #52]
    add     r3, r3, r4
    str     r3, [sp, #88]
    add     r0, r0, r5
3:                                /* a segment */
    add     r6, r0, r6
    strd    r6, r7, [sp, #80]
4:
    ldr     r5, [r0, r12]
    ldr     r6, [r0, r12, lsl #1]
    ldr     r7, [r0, lr]
    ldr     r4, [r0], #4
    eor     r10, r5, #0x80808080
    eor     r11, r6, #0x80808080
    eor     r7, r7, #0x80808080
    and     r3, r2, r4, lsl #8
    and     r8, r2, r5, lsl #8
    uxtab16 r3, r3, r10
    uxtab16 r8, r8, r11
    strd    r3, r8, [r1], #8
    and     r3, r2, r6, lsl #8
    and     r4, r2, r4
    uxtab16 r3, r3, r7
    and     r5, r2, r5
    and     r6, r2, r6
    uxtab16 r4, r4, r10, ror #8
    uxtab16 r5, r5, r11, ror #8
    uxtab16 r6, r6, r7, ror #8
    ldr     r8, [sp, #80]
    stmia   r1!, {r3-r6}
    cmp     r0, r8
    bne     4b
    ldr     r3, [sp, #60]
    ldr     r7, [sp, #84]
    sub     r1, r1, r3
    subs    r7, r7, #1
    beq     5f
    ldr     r3, [sp, #64]
    ldr     r6, [sp, #48]
    add     r0, r0, r3
    b       3b
5:
    ldr     r3, [sp, #88]
    ldr     r4, [sp, #92]
    subs    r4, r4, #1
    str     r4, [sp, #92]
    bne     2b
11:
    ldr     r1, [sp, #68]
#if TK_APART
    ldr     r3, [sp, #108]
    str     r3, [sp, #20]
#endif
10:                               /* two channels */
    ldr     r0, [sp, #16]
    ldr     r6, [r1], #4
    ldr     r11, [r1], #4
    ldr     r2, [r1], #4
    ldmia   r0!, {r3, r7, r12}
    products r6, r6, r6, r11, r11, r11
    ldr     pc, [sp, #entry]
    .balign 4
6:
.rept 8
    step
.endr
    ldr     r2, [sp, #24]
    cmp     r0, r2
    bne     6b
    ldr     pc, [sp, #28]
    .balign 4
7:
.rept 16
    step
.endr
8:
    split   r4, r5, r6, r12
#if TK_ANY
    constants lr
    any_code r4, lr
    any_code r5, lr
    any_code r6, lr
    any_code r12, lr
    ldmia   sp, {r0, r2, r3, r7}
    strb    r4, [r2]
    strb    r5, [r2, r0]
    strb    r6, [r2, r0, lsl #1]
    strb    r12, [r2, r7]
    split   r8, r10, r11, lr
    constants r12
    any_code r8, r12
    any_code r10, r12
    any_code r11, r12
    any_code lr, r12
    ldmia   sp, {r0, r2, r3, r7}
    add     r2, r2, #1
    strb    r10, [r2, r0]
    strb    r11, [r2, r0, lsl #1]
    strb    lr, [r2, r7]
    strb    r8, [r2], #1
#else
    constants lr
    split   r8, r10, r11, lr
    code    r4, r0, r2
    code    r5, r0, r2
    code    r6, r0, r2
    code    r12, r0, r2
    code    r8, r3, r7
    code    r10, r3, r7
    code    r11, r3, r7
    code    lr, r3, r7
    ldmia   sp, {r0, r2, r3, r7}
    strb    r5, [r2, r0]
    strb    r6, [r2, r0, lsl #1]
    strb    r12, [r2, r7]
    strb    r4, [r2], #1
    strb    r10, [r2, r0]
    strb    r11, [r2, r0, lsl #1]
    strb    lr, [r2, r7]
    strb    r8, [r2], #1
#endif
    str     r2, [sp, #4]
    cmp     r2, r3
    bne     10b
    ldr     r4, [sp, #72]
    ldr     r5, [sp, #36]
    ldr     r6, [sp, #40]
    ldr     r7, [sp, #76]
    add     r3, r3, r0, lsl #2
    sub     r2, r3, r4
    strd    r2, r3, [sp, #4]
    add     r5, r5, r6, lsl #2
    str     r5, [sp, #36]
    subs    r7, r7, #1
    str     r7, [sp, #76]
    bne     1b
    add     sp, sp, #frame
    pop     {r4-r8, r10, r11, pc}
9:                                /* the next four that are woven already */
    ldrd    r4, r5, [sp, #96]
    ldrd    r6, r7, [sp, #4]
    ldr     r10, [sp, #24]
    add     r1, r1, r4
    add     r10, r10, r4
    add     r6, r6, r5
    add     r7, r7, r5
    str     r1, [sp, #16]
    str     r10, [sp, #24]
    strd    r6, r7, [sp, #4]
    b       11b
    .size TK_NAME, . - TK_NAME
#endif

#endif
