/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_gemm4_s8 and, if TK_ANY is 1, of tk_gemm4_any_s8, under the name TK_NAME: assembly, for the .S files of
 * these names. Contracts: tk_gemm4_s8.h, tk_gemm4_any_s8.h; the arithmetic: tk_gemm_s8.h. Internal.
 *
 * Two inputs of four pixels times two channels, 16 products: 10 instructions, 14 cycles (three loads in
 * place of LDM: 12 and 13, but a fifth more to fetch from flash). The run of 16 such steps is entered in
 * the middle for the first depth / 2 modulo 16. The rest of a channel pair (8 results): 56 instructions, 70 cycles.
 *
 *   r0 x   r1 weights   r2 weights of both channels, then of d   lr of c   r3, r7, r12 the three woven streams
 *   r4-r6 sums of c     r8, r10, r11 sums of d
 *   stack: 0 y   4 end of the first pixel's results   8 x   12 entry   16 end of x   24 pitch   28 3 * pitch */
#ifndef TK_GEMM4_BODY_H
#define TK_GEMM4_BODY_H

#include "tk_gemm_s8.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro step
    ldr     r2, [r1], #4
    ldmia   r0!, {r3, r7, r12}
    sxtb16  lr, r2
    smlad   r4, r3, lr, r4
    smlad   r5, r7, lr, r5
    smlad   r6, r12, lr, r6
    sxtb16  r2, r2, ror #8
    smlad   r8, r3, r2, r8
    smlad   r10, r7, r2, r10
    smlad   r11, r12, r2, r11
.endm
.set step_bytes, 40

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

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #32
    ldmia   r2, {r4-r7}           /* weights, depth, channels, pitch */
    mov     r2, r1
    mov     r1, r4
    add     r3, r2, r6
    add     r8, r5, r5, lsl #1
    add     r8, r0, r8, lsl #1
    strd    r2, r3, [sp]
    str     r8, [sp, #16]
    add     r8, r7, r7, lsl #1
    strd    r7, r8, [sp, #24]
    lsr     r5, r5, #1
    subs    r5, r5, #1
    and     r5, r5, #15
    add     r5, r5, #1            /* steps of the first run */
    mov     r4, #step_bytes
    mul     r5, r5, r4
    adr     r4, 3f
    sub     r4, r4, r5
    orr     r4, r4, #1
    strd    r0, r4, [sp, #8]
1:
    ldrd    r6, r11, [r1], #8
    ldrd    r0, r2, [sp, #8]
    mov     r4, r6
    mov     r5, r6
    mov     r8, r11
    mov     r10, r11
    bx      r2
    .balign 4
2:
.rept 16
    step
.endr
3:
    ldr     r2, [sp, #16]
    cmp     r0, r2
    bne     2b
    split   r4, r5, r6, r12
#if TK_ANY
    ldmia   r1!, {r0, r2, r3, r7}
    any_code r4, lr
    any_code r5, lr
    any_code r6, lr
    any_code r12, lr
    ldr     r2, [sp]
    ldrd    r0, r7, [sp, #24]
    strb    r4, [r2]
    strb    r5, [r2, r0]
    strb    r6, [r2, r0, lsl #1]
    strb    r12, [r2, r7]
    split   r8, r10, r11, lr
    ldmia   r1!, {r0, r2, r3, r7}
    any_code r8, r12
    any_code r10, r12
    any_code r11, r12
    any_code lr, r12
    ldrd    r2, r3, [sp]
    ldrd    r0, r7, [sp, #24]
    add     r2, r2, #1
    strb    r10, [r2, r0]
    strb    r11, [r2, r0, lsl #1]
    strb    lr, [r2, r7]
    strb    r8, [r2], #1
#else
    ldmia   r1!, {r0, r2, r3, r7}
    split   r8, r10, r11, lr
    code    r4, r0, r2
    code    r5, r0, r2
    code    r6, r0, r2
    code    r12, r0, r2
    code    r8, r3, r7
    code    r10, r3, r7
    code    r11, r3, r7
    code    lr, r3, r7
    ldrd    r2, r3, [sp]
    ldrd    r0, r7, [sp, #24]
    strb    r5, [r2, r0]
    strb    r6, [r2, r0, lsl #1]
    strb    r12, [r2, r7]
    strb    r4, [r2], #1
    strb    r10, [r2, r0]
    strb    r11, [r2, r0, lsl #1]
    strb    lr, [r2, r7]
    strb    r8, [r2], #1
#endif
    str     r2, [sp]
    cmp     r2, r3
    bne     1b
    add     sp, sp, #32
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
