/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_depthwise3_s1_s8 and tk_depthwise3_s2_s8, TK_STRIDE being 1 or 2, under the name TK_NAME: assembly, for the .S
 * files of these names. Contract: tk_depthwise3_s1_s8.h; the arithmetic: tk_depthwise3.h. Internal.
 *
 * Two results next to each other at a time: stride 1: 25 instructions, 34 cycles; stride 2: 28 instructions, 40 cycles.
 *
 *   r0 plane   r1 y   r2-r7 weights   r8, r10 words of the plane   r11, r12 sums   lr bytes from a result to the next
 *   stack: 0 start   4 multiplier   8 addend   12 end of pairs   16 plane's line   20 y's line   24 lines   28 shape */
#ifndef TK_DEPTHWISE3_BODY_H
#define TK_DEPTHWISE3_BODY_H

#include "tk_depthwise3.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro taps line, wa, wb, y0, y1
    ldrd    r8, r10, [r0, #(4 * TK_LINE * \line)]
#if TK_STRIDE == 1
    smlad   r11, r8, \wa, \y0
    smlatb  r12, r8, \wa, \y1
    smlabt  r11, r10, \wb, r11
    smlad   r12, r10, \wb, r12
#else
    smlad   r11, r8, \wa, \y0
    ldr     r8, [r0, #(4 * TK_LINE * \line + 8)]
    smlad   r12, r10, \wa, \y1
    smlabt  r11, r10, \wb, r11
    smlabt  r12, r8, \wb, r12
#endif
.endm

.macro tile
    ldr     r12, [sp]
    taps    0, r2, r3, r12, r12
    taps    1, r4, r5, r11, r12
    taps    2, r6, r7, r11, r12
    ldrd    r8, r10, [sp, #4]
    add     r0, r0, #(4 * TK_STRIDE)
    smmla   r11, r11, r8, r10
    smmla   r12, r12, r8, r10
    ssat    r11, #8, r11, asr #TK_DEPTHWISE_SHIFT
    ssat    r12, #8, r12, asr #TK_DEPTHWISE_SHIFT
.endm

.macro pair
    tile
    strb    r12, [r1, lr]
    strb    r11, [r1]
    add     r1, r1, lr, lsl #1
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #32
    ldr     r4, [r3, #4]
    ldr     lr, [r3, #8]
    strd    r0, r1, [sp, #16]
    strd    r4, r3, [sp, #24]
    mov     r12, r2
    ldmia   r12!, {r2-r7}
    ldmia   r12, {r8, r10, r11}
    strd    r8, r10, [sp]
    str     r11, [sp, #8]
1:
    ldr     r8, [sp, #28]
    ldr     r10, [r8]             /* columns */
    lsr     r11, r10, #1
    tst     r11, #1
    beq     5f                    /* pairs of results, two at a turn: an odd one first */
    pair
    ldr     r8, [sp, #28]
    ldr     r10, [r8]
    lsr     r11, r10, #1
5:
    lsrs    r11, r11, #1
    beq     3f
    add     r11, r0, r11, lsl #(2 + TK_STRIDE)
    str     r11, [sp, #12]
2:
    pair
    pair
    ldr     r8, [sp, #12]
    cmp     r0, r8
    bne     2b
    ldr     r8, [sp, #28]
    ldr     r10, [r8]
3:
    tst     r10, #1
    beq     4f
    tile
    strb    r11, [r1]
4:
    ldr     r12, [sp, #28]
    ldrd    r0, r1, [sp, #16]
    ldr     r12, [r12, #12]
    ldr     r8, [sp, #24]
    add     r0, r0, #(4 * TK_LINE * TK_STRIDE)
    add     r1, r1, r12
    subs    r8, r8, #1
    strd    r0, r1, [sp, #16]
    str     r8, [sp, #24]
    bne     1b
    add     sp, sp, #32
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
