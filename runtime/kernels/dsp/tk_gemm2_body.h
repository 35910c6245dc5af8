/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_gemm2_s8 and, if TK_ANY is 1, of tk_gemm2_any_s8, under the name TK_NAME: assembly, for the .S files of
 * these names; with TK_APART 1 of tk_gemm2_apart_s8 and tk_gemm2_apart_any_s8. Contracts: tk_gemm2_s8.h, tk_gemm2_any_s8.h; the arithmetic: tk_gemm_s8.h. Internal.
 *
 * Two inputs of two pixels times two channels, 8 products: 9 instructions, 10 cycles. The run of 8 such steps is entered in the
 * middle for the first depth / 2 modulo 8.
 *
 *   r0 x   r1 weights   r2 weights of both channels, then of d   lr of c   r3, r7 the two pixels   r4, r5 sums of c
 *   r6, r8 sums of d    r10 256 / 257 modulo 2^32   r11 y   r12 end of x
 *   stack: 0 x   4 entry   8 end of the first pixel's results   12 pitch; apart: 16 the next constants */
#ifndef TK_GEMM2_BODY_H
#define TK_GEMM2_BODY_H

#include "tk_gemm_s8.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro step
    ldr     r2, [r1], #4
    ldr     r3, [r0], #4
    ldr     r7, [r0], #4
    sxtb16  lr, r2
    smlad   r4, r3, lr, r4
    smlad   r5, r7, lr, r5
    sxtb16  r2, r2, ror #8
    smlad   r6, r3, r2, r6
    smlad   r8, r7, r2, r8
.endm
.set step_bytes, 36

.macro code sum, multiplier, addend
    mul     \sum, \sum, r10
    smmla   \sum, \sum, \multiplier, \addend
    ssat    \sum, #8, \sum, asr #TK_GEMM_SHIFT
.endm

.macro any_code sum, t            /* r0 multiplier, r2 addend, r3 below, r7 shift */
    mul     \sum, \sum, r10
    and     \t, r3, \sum, asr #31
    add     \t, \t, r2
    smmla   \sum, \sum, r0, \t
    asr     \sum, \sum, r7
    ssat    \sum, #8, \sum
.endm

.macro constants                  /* of both channels, any: of one */
#if TK_APART
    ldr     lr, [sp, #16]
    ldmia   lr!, {r0, r2, r3, r7}
    str     lr, [sp, #16]
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
    sub     sp, sp, #(16 + 8 * TK_APART)
#if TK_APART
    ldr     r3, [r2, #16]         /* constants */
    str     r3, [sp, #16]
#endif
    mov     r11, r1
    ldmia   r2, {r4-r7}           /* weights, depth, channels, pitch */
    mov     r1, r4
    add     r6, r11, r6
    strd    r6, r7, [sp, #8]
    add     r12, r0, r5, lsl #2
    movw    r10, #0x0100
    movt    r10, #0x00ff
    lsr     r5, r5, #1
    subs    r5, r5, #1
    and     r5, r5, #7
    add     r5, r5, #1            /* steps of the first run */
    mov     r4, #step_bytes
    mul     r5, r5, r4
    adr     r4, 3f
    sub     r4, r4, r5
    orr     r4, r4, #1
    strd    r0, r4, [sp]
1:
    ldrd    r4, r6, [r1], #8
    ldrd    r0, r2, [sp]
    mov     r5, r4
    mov     r8, r6
    bx      r2
    .balign 4
2:
.rept 8
    step
.endr
3:
    cmp     r0, r12
    bne     2b
#if TK_ANY
    constants
    any_code r4, lr
    any_code r5, lr
    constants
    any_code r6, lr
    any_code r8, lr
#else
    constants
    code    r4, r0, r2
    code    r5, r0, r2
    code    r6, r3, r7
    code    r8, r3, r7
#endif
    ldrd    r2, r3, [sp, #8]
    add     r0, r11, r3
    strb    r6, [r11, #1]
    strb    r4, [r11], #2
    strb    r5, [r0]
    strb    r8, [r0, #1]
    cmp     r11, r2
    bne     1b
    add     sp, sp, #(16 + 8 * TK_APART)
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
