/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_remember_s8 and tk_remember_s16 under the name TK_NAME, TK_BITS of an element: assembly, for the .S files of these
 * names. Contracts: their headers. Internal.
 *
 * A word of results is read an element further on than it is written; it need not be aligned. Four results of 8 bits: 11
 * instructions, 16 cycles; two of 16 bits: 6 and 10. The last word gets the newest result, so that nothing beyond the
 * state is read; where it would not be whole, what is left goes element by element.
 *
 *   r0 state   r1 weights   r2 newest results   r3, r5, r12, lr working   r4 units left   r6 whole words before the last
 *   r7 sum   r8 sums   r10 filters left   r11 words left
 *   stack: 0 rank   4 elements after the words, less than a word   8 offset */
#ifndef TK_REMEMBER_BODY_H
#define TK_REMEMBER_BODY_H

#include "tk_dsp.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro multiply                   /* r7 += results in r3 * weights in r12 */
#if TK_BITS == 8
    sxtb16  lr, r3
    sxtb16  r5, r12
    smlad   r7, lr, r5, r7
    sxtb16  r3, r3, ror #8
    sxtb16  r12, r12, ror #8
#endif
    smlad   r7, r3, r12, r7
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #16
    ldmia   r3, {r4-r7}           /* units, rank, memory, offset */
    str     r5, [sp]
    str     r7, [sp, #8]
    and     r5, r6, #32 / TK_BITS - 1
    str     r5, [sp, #4]
    sub     r6, r6, #1
#if TK_BITS == 8
    asr     r6, r6, #2
#else
    asr     r6, r6, #1
#endif
    mov     r8, r2
1:
    ldr     r10, [sp]
    mov     r7, #0
2:
    movs    r11, r6
    beq     4f
3:
    ldr     r3, [r0, #TK_BITS / 8]
    ldr     r12, [r1], #4
    str     r3, [r0], #4
    multiply
    subs    r11, r11, #1
    bne     3b
4:
    ldrd    r5, r12, [sp, #4]
    ldr     lr, [r2], #4
    ssat    lr, #TK_BITS, lr
    add     lr, lr, r12
    cbnz    r5, 5f
    ldr     r3, [r0]
    ldr     r12, [r1], #4
    lsr     r3, r3, #TK_BITS
    orr     r3, r3, lr, lsl #32 - TK_BITS
    str     r3, [r0], #4
    multiply
    b       7f
5:
    subs    r5, r5, #1
    beq     6f
#if TK_BITS == 8
    ldrsb   r3, [r0, #1]
    ldrsb   r12, [r1], #1
    strb    r3, [r0], #1
    mla     r7, r3, r12, r7
    b       5b
6:
    ldrsb   r12, [r1], #1
    strb    lr, [r0], #1
    sxtb    lr, lr
#else
6:
    ldrsh   r12, [r1], #2
    strh    lr, [r0], #2
    sxth    lr, lr
#endif
    mla     r7, lr, r12, r7
7:
    subs    r10, r10, #1
    bne     2b
    str     r7, [r8], #4
    subs    r4, r4, #1
    bne     1b
    add     sp, sp, #16
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
