/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_dense_s8 (TK_KIND 0), tk_dense_any_s8 (1) and tk_dense_sums_s8 (2), and with TK_NEAR 1 of tk_dense_near_s8 (0) and
 * tk_dense_near_any_s8 (1), under the name TK_NAME: assembly, for the .S files of these names. Contracts: their headers; the
 * arithmetic: tk_dense.h. Internal.
 *
 * Two inputs times eight outputs, 16 products: 14 instructions, 17 cycles (tk_dense_sums_s8: 16 and 19). A run of eight such steps
 * is entered in the middle for the first depth / 2 modulo 8. With TK_NEAR four inputs are widened as they are read: 29
 * instructions, 35 cycles for 32 products; a run is four of these.
 *
 *   r0 x   r1 weights   lr a word of inputs   r2, r3 weights of half the outputs   r4-r6, r7, r8, r11 sums   r10 0xff00ff00
 *   r12 end of x, with TK_NEAR also four inputs
 *   stack: 0 y   4 end of y   8 x   12 end of x   16 128 * sum of x   20 requantization   24 entry */
#ifndef TK_DENSE_BODY_H
#define TK_DENSE_BODY_H

#include "tk_dense.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro half t1, t2, t3
    smlad   \t1, r2, lr, \t1
    and     r2, r10, r2, lsl #8
#if TK_KIND == 2
    eor     r2, r2, #0x80808080   /* the upper byte's sign as it is without the 128, which the lower one gets */
#endif
    smlad   \t3, r3, lr, \t3
    sxtab16 r2, r2, r3, ror #8
    smlad   \t2, r2, lr, \t2
.endm

.macro two                        /* of the inputs in lr */
    ldr     r2, [r1], #4
    ldr     r3, [r1], #4
    half    r4, r5, r6
    ldrd    r2, r3, [r1], #8
    half    r7, r8, r11
.endm

#if TK_NEAR
.set inputs, 4
.set input_bytes, 1
.set step_bytes, 116
.macro step
    ldr     r12, [r0], #4
    sxtb16  lr, r12
    two
    sxtb16  lr, r12, ror #8
    two
.endm
#else
.set inputs, 2
.set input_bytes, 2
#if TK_KIND == 2
.set step_bytes, 64
#else
.set step_bytes, 56
#endif
.macro step
    ldr     lr, [r0], #4
    two
.endm
#endif
.set steps, 16 / inputs           /* of a run */

.macro split t1, t2, t3, v4       /* sums of four outputs -> 256 * S_1 .. 256 * S_4 in place and in v4 */
    sub     \v4, \t3, \t2, lsl #8
    add     \v4, \v4, \t1, lsl #16
    lsl     \v4, \v4, #8
    sub     \t3, \t3, \v4, asr #8
    sub     \t2, \t2, \t3, asr #8
    sub     \t1, \t1, \t2, asr #8
.endm

.macro whole s1, s2, s3, s4       /* 256 * S_1 .. 256 * S_4 -> S_1 .. S_4, stored */
    asr     \s1, \s1, #8
    asr     \s2, \s2, #8
    asr     \s3, \s3, #8
    asr     \s4, \s4, #8
    stmia   r0!, {\s1, \s2, \s3, \s4}
.endm

.macro code v, t                  /* r2 multiplier, r3 addend, r12 below, lr shift */
#if TK_KIND == 1
    ldmia   r1!, {r2, r3, r12, lr}
#endif
    and     \t, r12, \v, asr #31
    add     \t, \t, r3
    smmla   \v, \v, r2, \t
    asr     \v, \v, lr
    ssat    \v, #8, \v
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #32
    ldmia   r2!, {r4, r5, r6}     /* weights, depth, outputs */
    str     r2, [sp, #20]
    mov     r2, r1
    mov     r1, r4
    add     r12, r0, r5, lsl #input_bytes - 1
    strd    r0, r12, [sp, #8]
#if TK_NEAR
    mov     r3, #0
    mov     r7, #0x00010001
4:                                /* the sum of the inputs */
    ldr     r4, [r0], #4
    sxtb16  r8, r4
    sxtb16  r4, r4, ror #8
    smlad   r3, r8, r7, r3
    smlad   r3, r4, r7, r3
    cmp     r0, r12
    bne     4b
    lsl     r3, r3, #7
#endif
#if TK_KIND == 2
    add     r6, r2, r6, lsl #2
#else
    add     r6, r6, r2
#endif
    strd    r2, r6, [sp]
    str     r3, [sp, #16]
    lsr     r5, r5, #inputs / 2
    sub     r5, r5, #1
    and     r5, r5, #steps - 1
    add     r5, r5, #1            /* steps of the first run */
    mov     r4, #step_bytes
    mul     r5, r5, r4
    adr     r4, 3f
    sub     r4, r4, r5
    orr     r4, r4, #1
    str     r4, [sp, #24]
1:
    ldr     r3, [sp, #16]
    ldrd    r0, r12, [sp, #8]
    mov     r10, #0xff00ff00
    ldmia   r1!, {r4-r8, r11}
#if TK_KIND == 2
    sub     r4, r4, r3
    sub     r5, r5, r3
    sub     r7, r7, r3
    sub     r8, r8, r3
#endif
    sub     r6, r6, r3
    sub     r11, r11, r3
    ldr     pc, [sp, #24]
    .balign 4
2:
.rept steps
    step
.endr
3:
#if TK_NEAR
    ldr     r12, [sp, #12]
#endif
    cmp     r0, r12
    bne     2b
#if TK_KIND == 2
    ldrd    r0, r3, [sp]
    split   r4, r5, r6, r12
    whole   r4, r5, r6, r12
    split   r7, r8, r11, r12
    whole   r7, r8, r11, r12
    str     r0, [sp]
    cmp     r0, r3
#else
    split   r4, r5, r6, r0
#if TK_KIND == 0
    ldr     r2, [sp, #20]
    ldmia   r2, {r2, r3, r12, lr}
#endif
    code    r4, r10
    code    r5, r10
    code    r6, r10
    code    r0, r10
    ldr     r10, [sp]
    strb    r5, [r10, #1]
    strb    r6, [r10, #2]
    strb    r0, [r10, #3]
    strb    r4, [r10], #4
    split   r7, r8, r11, r0
    code    r7, r4
    code    r8, r4
    code    r11, r4
    code    r0, r4
    ldr     r3, [sp, #4]
    strb    r8, [r10, #1]
    strb    r11, [r10, #2]
    strb    r0, [r10, #3]
    strb    r7, [r10], #4
    str     r10, [sp]
    cmp     r10, r3
#endif
    bne     1b
    add     sp, sp, #32
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
