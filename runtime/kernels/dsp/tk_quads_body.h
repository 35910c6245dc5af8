/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_quads1_s8 and tk_quads2_s8 (TK_PIXELS 1 and 2) and, if TK_ANY is 1, of tk_quads1_any_s8 and tk_quads2_any_s8,
 * under the name TK_NAME: assembly, for the .S files of these names. Contracts: their headers; the arithmetic: tk_quads.h. Internal.
 *
 * Two inputs of two pixels times four channels, 16 products: 10 instructions, 14 cycles; four inputs of one pixel, 16 products: 12
 * and 18. A run of such steps, of 16 inputs in all, is entered in the middle for the first depth modulo 16. Four channels without
 * it: of two pixels 72 instructions (any: 105), of one 49 (62).
 *
 *   r0 x   r1 weights   r2 A, then D   r3 B   lr 0xff00ff00
 *   of two pixels r4, r5 the inputs   r6-r8 sums of the first pixel   r10-r12 of the second
 *   of one        r4, r11 the inputs   r6-r8 sums   r5 A, then D, and r10 B of the second two inputs
 *   stack: 0 x   4 end of x   8 sums of inputs   16 y   20 end of y   24 pitch   28 entry   32 from   36 to */
#ifndef TK_QUADS_BODY_H
#define TK_QUADS_BODY_H

#include "tk_quads.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

#if TK_PIXELS == 2
#define TK_STEP 1  /* log2 of the inputs of a step */
#define TK_STEPS 8 /* of a run */
.macro step
    ldrd    r2, r3, [r1], #8
    ldrd    r4, r5, [r0], #8
    smlad   r6, r2, r4, r6
    smlad   r10, r2, r5, r10
    and     r2, lr, r2, lsl #8
    smlad   r8, r3, r4, r8
    smlad   r12, r3, r5, r12
    sxtab16 r2, r2, r3, ror #8
    smlad   r7, r2, r4, r7
    smlad   r11, r2, r5, r11
.endm
.set step_bytes, 40
#else
#define TK_STEP 2
#define TK_STEPS 4
.macro step
    ldmia   r1!, {r2, r3, r5, r10}
    ldrd    r4, r11, [r0], #8
    smlad   r6, r2, r4, r6
    and     r2, lr, r2, lsl #8
    smlad   r8, r3, r4, r8
    sxtab16 r2, r2, r3, ror #8
    smlad   r7, r2, r4, r7
    smlad   r6, r5, r11, r6
    and     r5, lr, r5, lsl #8
    smlad   r8, r10, r11, r8
    sxtab16 r5, r5, r10, ror #8
    smlad   r7, r5, r11, r7
.endm
.set step_bytes, 48
#endif

.macro split t1, t2, t3, v4       /* sums of four channels -> 256 * S_1 .. 256 * S_4 in place and in v4 */
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

.macro any_code v                 /* r1 the constants; r5 is lost */
    ldmia   r1!, {r0, r2, r3, lr}
    and     r5, r3, \v, asr #31
    add     r5, r5, r2
    smmla   \v, \v, r0, r5
    asr     \v, \v, lr
    ssat    \v, #8, \v
.endm

.macro stored v1, v2, v3, v4, to
    strb    \v1, [\to]
    strb    \v2, [\to, #1]
    strb    \v3, [\to, #2]
    strb    \v4, [\to, #3]
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #40
    mov     r12, r1
    ldmia   r2!, {r1, r4, r5, r6} /* weights, depth, channels, pitch */
    add     r5, r5, r12
    strd    r12, r5, [sp, #16]
    str     r6, [sp, #24]
    ldmia   r2, {r3, r5, r6, r7}  /* sums, from, to */
    strd    r3, r5, [sp, #8]
    strd    r6, r7, [sp, #32]
#if TK_PIXELS == 2
    add     r3, r0, r4, lsl #2
#else
    add     r3, r0, r4, lsl #1
#endif
    strd    r0, r3, [sp]
    lsr     r4, r4, #TK_STEP
    sub     r4, r4, #1
    and     r4, r4, #(TK_STEPS - 1)
    add     r4, r4, #1            /* steps of the first run */
    mov     r5, #step_bytes
    mul     r4, r4, r5
    adr     r5, 3f
    sub     r5, r5, r4
    orr     r5, r5, #1
    str     r5, [sp, #28]
1:
    ldr     r2, [sp, #32]
    ldr     r0, [sp]
    mov     lr, #0xff00ff00
    ldrd    r4, r5, [sp, #8]
    cbnz    r2, 4f
    ldmia   r1!, {r6, r7, r8}
#if TK_PIXELS == 2
    mov     r10, r6
    mov     r11, r7
    sub     r12, r8, r5
#endif
    sub     r8, r8, r4
    ldr     pc, [sp, #28]
4:
#if TK_PIXELS == 2
    ldmia   r2!, {r6, r7, r8, r10, r11, r12}
    sub     r12, r12, r5
#else
    ldmia   r2!, {r6, r7, r8}
#endif
    str     r2, [sp, #32]
    sub     r8, r8, r4
    ldr     pc, [sp, #28]
    .balign 4
2:
.rept TK_STEPS
    step
.endr
3:
    ldr     r4, [sp, #4]
    cmp     r0, r4
    bne     2b
    ldr     r4, [sp, #36]
    cmp     r4, #0
    bne     5f
    split   r6, r7, r8, r4
#if TK_ANY
    any_code r6
    any_code r7
    any_code r8
    any_code r4
    ldr     r2, [sp, #16]
    stored  r6, r7, r8, r4, r2
#if TK_PIXELS == 2
    sub     r1, r1, #64
    split   r10, r11, r12, r4
    any_code r10
    any_code r11
    any_code r12
    any_code r4
    ldr     r2, [sp, #16]
    ldr     r0, [sp, #24]
    add     r0, r0, r2
    stored  r10, r11, r12, r4, r0
#endif
#else
#if TK_PIXELS == 2
    split   r10, r11, r12, r5
#endif
    ldmia   r1!, {r0, r2, r3, lr}
    code    r6, r0, r2
    code    r7, r3, lr
#if TK_PIXELS == 2
    code    r10, r0, r2
    code    r11, r3, lr
#endif
    ldmia   r1!, {r0, r2, r3, lr}
    code    r8, r0, r2
    code    r4, r3, lr
#if TK_PIXELS == 2
    code    r12, r0, r2
    code    r5, r3, lr
    ldr     r0, [sp, #24]
#endif
    ldr     r2, [sp, #16]
    stored  r6, r7, r8, r4, r2
#if TK_PIXELS == 2
    add     r0, r0, r2
    stored  r10, r11, r12, r5, r0
#endif
#endif
    b       6f
5:
#if TK_PIXELS == 2
    stmia   r4!, {r6, r7, r8, r10, r11, r12}
#else
    stmia   r4!, {r6, r7, r8}
#endif
    ldr     r2, [sp, #16]
    str     r4, [sp, #36]
6:
    ldr     r3, [sp, #20]
    add     r2, r2, #4
    str     r2, [sp, #16]
    cmp     r2, r3
    bne     1b
    add     sp, sp, #40
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
