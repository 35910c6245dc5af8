/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_gemm4_s8 and, if TK_ANY is 1, of tk_gemm4_any_s8, under the name TK_NAME: assembly, for the .S files of
 * these names. Contracts: tk_gemm4_s8.h, tk_gemm4_any_s8.h; the arithmetic: tk_gemm_s8.h. Internal.
 *
 * Two inputs of four pixels times two channels, 16 products: 12 instructions, 13 cycles (LDM in place of three loads: 10 and 14).
 * The first such step takes its sums from the start values; a run of 16 more is entered in the middle for the next
 * depth / 2 - 1 modulo 16. A channel pair without those of the run (8 results): 64 instructions, 75 cycles.
 *
 *   r0 x   r1 weights   r2 weights of both channels, then of d   lr of c   r3, r7, r12 the three woven streams
 *   r4-r6 sums of c     r8, r10, r11 sums of d
 *   stack: 0 pitch   4 y   8 end of the first pixel's results   12 3 * pitch   16 x   20 entry   24 end of x */
#ifndef TK_GEMM4_BODY_H
#define TK_GEMM4_BODY_H

#include "tk_gemm_s8.h"

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

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #32
    ldmia   r2, {r4-r7}           /* weights, depth, channels, pitch */
    mov     r8, r0
    mov     r2, r1
    mov     r1, r4
    add     r3, r2, r6
    mov     r0, r7
    add     r7, r7, r7, lsl #1
    stmia   sp, {r0, r2, r3, r7}
    add     r2, r5, r5, lsl #1
    add     r2, r8, r2, lsl #1
    lsr     r5, r5, #1
    sub     r5, r5, #1
    and     r5, r5, #15           /* steps of the first run */
    mov     r4, #step_bytes
    mul     r5, r5, r4
    adr     r4, 3f
    sub     r4, r4, r5
    orr     r4, r4, #1
    strd    r8, r4, [sp, #16]
    str     r2, [sp, #24]
1:
    ldr     r0, [sp, #16]
    ldr     r6, [r1], #4
    ldr     r11, [r1], #4
    ldr     r2, [r1], #4
    ldr     r3, [r0], #4
    ldr     r7, [r0], #4
    ldr     r12, [r0], #4
    products r6, r6, r6, r11, r11, r11
    ldr     pc, [sp, #20]
    .balign 4
2:
.rept 16
    step
.endr
3:
    ldr     r2, [sp, #24]
    cmp     r0, r2
    bne     2b
    split   r4, r5, r6, r12
#if TK_ANY
    ldmia   r1!, {r0, r2, r3, r7}
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
    ldmia   r1!, {r0, r2, r3, r7}
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
    bne     1b
    add     sp, sp, #32
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
