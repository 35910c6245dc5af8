/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_dense_s8 and, if TK_ANY is 1, of tk_dense_any_s8, under the name TK_NAME: assembly, for the .S files of these
 * names. Contracts: tk_dense_s8.h, tk_dense_any_s8.h; the arithmetic: tk_dense.h. Internal.
 *
 * Two inputs times eight outputs, 16 products: 14 instructions, 17 cycles; eight such steps a turn.
 *
 *   r0 x   r1 weights   lr a word of inputs   r2, r3 weights of half the outputs   r4-r6, r7, r8, r11 sums   r10 0xff00ff00
 *   r12 end of x
 *   stack: 0 y   4 end of y   8 x   12 end of x   16 128 * sum of x   20 requantization */
#ifndef TK_DENSE_BODY_H
#define TK_DENSE_BODY_H

#include "tk_dense.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro half t1, t2, t3
    smlad   \t1, r2, lr, \t1
    and     r2, r10, r2, lsl #8
    smlad   \t3, r3, lr, \t3
    sxtab16 r2, r2, r3, ror #8
    smlad   \t2, r2, lr, \t2
.endm

.macro split t1, t2, t3, v4
    sub     \v4, \t3, \t2, lsl #8
    add     \v4, \v4, \t1, lsl #16
    lsl     \v4, \v4, #8
    sub     \t3, \t3, \v4, asr #8
    sub     \t2, \t2, \t3, asr #8
    sub     \t1, \t1, \t2, asr #8
.endm

.macro code v, t                  /* r2 multiplier, r3 addend, r12 below, lr shift */
#if TK_ANY
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
    sub     sp, sp, #24
    ldmia   r2!, {r4, r5, r6}     /* weights, depth, outputs */
    str     r2, [sp, #20]
    mov     r2, r1
    mov     r1, r4
    add     r12, r0, r5, lsl #1
    strd    r0, r12, [sp, #8]
    add     r6, r6, r2
    strd    r2, r6, [sp]
    str     r3, [sp, #16]
1:
    ldr     r3, [sp, #16]
    ldrd    r0, r12, [sp, #8]
    mov     r10, #0xff00ff00
    ldmia   r1!, {r4-r8, r11}
    sub     r6, r6, r3
    sub     r11, r11, r3
2:
.rept 8
    ldr     lr, [r0], #4
    ldr     r2, [r1], #4
    ldr     r3, [r1], #4
    half    r4, r5, r6
    ldrd    r2, r3, [r1], #8
    half    r7, r8, r11
.endr
    cmp     r0, r12
    bne     2b
    split   r4, r5, r6, r0
#if !TK_ANY
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
    bne     1b
    add     sp, sp, #24
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
