/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_depthwise_taps_s8(const uint32_t *plane, int8_t *y, const uint32_t *w, const tk_planes_shape *shape,
 *                           const tk_taps *taps): see tk_depthwise_taps_s8.h.
 *
 * Two taps of four results: 9 instructions, 10 cycles. The run of 8 such steps is entered in the middle for a row of the kernel:
 * 12 cycles more. Four results besides: 48 instructions, 66 cycles.
 *
 *   r0 x   r1 w   r2 weights   r3-r6 words of the plane for four results   r7, r8, r10, r11 their sums
 *   r12 bytes from a result's words to the next's   lr 3 * that
 *   stack: 0 entry   4 bytes from the end of a row to the next   8 rows   12 rows left   16 w   20 x   24 y   28 pixel
 *          32 columns left   36 x of the line   40 y of the line   44 lines left   48 down   52 line   56 columns */
#include "tk_depthwise_taps_s8.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro step
    ldr     r2, [r1], #4
    ldr     r4, [r0, r12]
    ldr     r5, [r0, r12, lsl #1]
    ldr     r6, [r0, lr]
    ldr     r3, [r0], #4
    smlad   r8, r4, r2, r8
    smlad   r10, r5, r2, r10
    smlad   r11, r6, r2, r11
    smlad   r7, r3, r2, r7
.endm
.set step_bytes, 36

.macro code v                     /* r0 multiplier, r2 addend, r3 below, r4 shift */
    and     r5, r3, \v, asr #31
    add     r5, r5, r2
    smmla   \v, \v, r0, r5
    asr     \v, \v, r4
    ssat    \v, #8, \v
.endm

    .section .text.tk_depthwise_taps_s8, "ax", %progbits
    .balign 4
    .global tk_depthwise_taps_s8
    .type tk_depthwise_taps_s8, %function
tk_depthwise_taps_s8:
    push    {r4-r8, r10, r11, lr}
    ldr     r4, [sp, #32]         /* taps */
    sub     sp, sp, #64
    ldmia   r4, {r5-r8, r10}      /* rows, words, step, apart, down */
    ldm     r3, {r3, r4, r11, r12} /* columns, lines, pixel, line */
    sub     r7, r7, r6
    lsl     r7, r7, #2
    strd    r7, r5, [sp, #4]
    str     r2, [sp, #16]
    str     r11, [sp, #28]
    strd    r0, r1, [sp, #36]
    lsl     r10, r10, #2
    strd    r4, r10, [sp, #44]
    strd    r12, r3, [sp, #52]
    mov     r5, #step_bytes
    mul     r6, r6, r5
    adr     r5, 4f
    sub     r5, r5, r6
    orr     r5, r5, #1
    str     r5, [sp]
    lsl     r12, r8, #2
    add     lr, r12, r12, lsl #1
1:
    ldrd    r0, r1, [sp, #36]
    ldr     r3, [sp, #56]
    strd    r0, r1, [sp, #20]
    str     r3, [sp, #32]
2:
    ldr     r0, [sp, #20]
    ldr     r1, [sp, #16]
    ldr     r3, [sp, #8]
    ldr     r7, [r1], #4
    str     r3, [sp, #12]
    mov     r8, r7
    mov     r10, r7
    mov     r11, r7
    ldr     pc, [sp]
    .balign 4
3:
.rept TK_TAPS_WORDS
    step
.endr
4:
    ldr     r3, [sp, #12]
    ldr     r2, [sp, #4]
    subs    r3, r3, #1
    beq     5f
    str     r3, [sp, #12]
    add     r0, r0, r2
    ldr     pc, [sp]
5:
    ldm     r1, {r0, r2, r3, r4}
    code    r7
    code    r8
    code    r10
    code    r11
    ldr     r1, [sp, #24]
    ldr     r2, [sp, #28]
    ldr     r3, [sp, #32]
    ldr     r0, [sp, #20]
    strb    r7, [r1]
    cmp     r3, #4
    blt     6f
    strb    r8, [r1, r2]
    strb    r10, [r1, r2, lsl #1]
    add     r1, r1, r2, lsl #2
    sub     r5, r1, r2
    strb    r11, [r5]
    add     r0, r0, r12, lsl #2
    strd    r0, r1, [sp, #20]
    subs    r3, r3, #4
    str     r3, [sp, #32]
    bne     2b
    b       7f
6:
    cmp     r3, #2
    blt     7f
    strb    r8, [r1, r2]
    it      gt
    strbgt  r10, [r1, r2, lsl #1]
7:
    ldrd    r0, r1, [sp, #36]
    ldrd    r3, r4, [sp, #44]
    ldr     r5, [sp, #52]
    add     r0, r0, r4
    add     r1, r1, r5
    strd    r0, r1, [sp, #36]
    subs    r3, r3, #1
    str     r3, [sp, #44]
    bne     1b
    add     sp, sp, #64
    pop     {r4-r8, r10, r11, pc}
    .size tk_depthwise_taps_s8, . - tk_depthwise_taps_s8
#endif
