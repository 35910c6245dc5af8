/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_conv_near_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_near *near): see tk_conv_near_s8.h.
 *
 * Four inputs of two pixels times two channels, 16 products: 20 instructions, 23 cycles. The run of 4 such steps is entered in the
 * middle for the first bytes / 4 modulo 4 of a segment, which takes 15 instructions more, a channel pair 45.
 *
 *   r0, r12 the two windows   r1 weights   r2 weights of both channels, then of d   lr of c   r3, r7 four inputs of each pixel, the
 *   odd ones   r10, r11 the even ones   r4, r5 sums of c   r6, r8 sums of d
 *   stack: 0 entry   4 end of a segment of the first window   8 rows   12 bytes to the next of them   16 first   20 segments
 *          24 bytes   28 apart   32 next of the rows   36 segments left   40 y   44 end of y   48 pitch */
#include "tk_conv_near_s8.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro products
    smlad   r4, r10, lr, r4
    smlad   r5, r11, lr, r5
    smlad   r6, r10, r2, r6
    smlad   r8, r11, r2, r8
.endm

.macro step
    ldr     r3, [r0], #4
    ldr     r7, [r12], #4
    ldr     r2, [r1], #4
    sxtb16  r10, r3
    sxtb16  r11, r7
    sxtb16  lr, r2
    sxtb16  r2, r2, ror #8
    products
    ldr     r2, [r1], #4
    sxtb16  r10, r3, ror #8
    sxtb16  r11, r7, ror #8
    sxtb16  lr, r2
    sxtb16  r2, r2, ror #8
    products
.endm
.set step_bytes, 80

.macro code sum                   /* r0 multiplier, r2 addend, r3 below, r7 shift */
    lsl     \sum, \sum, #8
    and     lr, r3, \sum, asr #31
    add     lr, lr, r2
    smmla   \sum, \sum, r0, lr
    asr     \sum, \sum, r7
    ssat    \sum, #8, \sum
.endm

    .section .text.tk_conv_near_s8, "ax", %progbits
    .balign 4
    .global tk_conv_near_s8
    .type tk_conv_near_s8, %function
tk_conv_near_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #56
    str     r0, [sp, #8]
    str     r1, [sp, #16]
    ldmia   r3, {r1, r4-r8, r10}  /* weights, segments, row_step, bytes, apart, channels, pitch */
    lsl     r5, r5, #2
    str     r5, [sp, #12]
    str     r4, [sp, #20]
    strd    r6, r7, [sp, #24]
    add     r8, r2, r8
    strd    r2, r8, [sp, #40]
    str     r10, [sp, #48]
    lsr     r6, r6, #2
    subs    r6, r6, #1
    and     r6, r6, #3
    add     r6, r6, #1            /* steps of the first run */
    mov     r4, #step_bytes
    mul     r6, r6, r4
    adr     r4, 4f
    sub     r4, r4, r6
    orr     r4, r4, #1
    str     r4, [sp]
1:
    ldrd    r4, r6, [r1], #8
    ldr     r3, [sp, #8]
    ldr     r7, [sp, #20]
    mov     r5, r4
    mov     r8, r6
    str     r7, [sp, #36]
2:
    ldr     r7, [sp, #12]
    ldr     r0, [r3]
    add     r3, r3, r7
    str     r3, [sp, #32]
    ldr     r7, [sp, #16]
    ldrd    r2, r3, [sp, #24]
    add     r0, r0, r7
    add     r12, r0, r3
    add     r2, r0, r2
    str     r2, [sp, #4]
    ldr     pc, [sp]
    .balign 4
3:
.rept 4
    step
.endr
4:
    ldr     r2, [sp, #4]
    cmp     r0, r2
    bne     3b
    ldrd    r3, r7, [sp, #32]
    subs    r7, r7, #1
    str     r7, [sp, #36]
    bne     2b
    ldmia   r1!, {r0, r2, r3, r7}
    code    r4
    code    r5
    ldmia   r1!, {r0, r2, r3, r7}
    code    r6
    code    r8
    ldrd    r11, r2, [sp, #40]
    ldr     r3, [sp, #48]
    add     r0, r11, r3
    strb    r6, [r11, #1]
    strb    r4, [r11], #2
    strb    r5, [r0]
    strb    r8, [r0, #1]
    str     r11, [sp, #40]
    cmp     r11, r2
    bne     1b
    add     sp, sp, #56
    pop     {r4-r8, r10, r11, pc}
    .size tk_conv_near_s8, . - tk_conv_near_s8
#endif
