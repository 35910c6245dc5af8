/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_wino_output_s8(const uint32_t *m, const uint32_t *q, const tk_wino_tiles *tiles, int32_t channel):
 * see tk_wino_output_s8.h.
 *
 * Sixteen results: about 330 instructions, 400 cycles: six rows of 17 and 27, four columns of 47 and 53.
 *
 *   r0 m   r1 half-transformed values; y   r2 start   r3-r8 six sums; multiplier, addend, below, temporary
 *   r10-r12 with r3 four results   lr bytes of a row of y
 *   stack: 0 half-transformed, 6 x 4   96 q   100 tiles   104 channel   108 tile   112 channels left   116 pixel */
#include "tk_wino.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro a_times                    /* r3-r8 -> r3, r10, r11, r12 */
    add     r10, r4, r5
    sub     r4, r4, r5
    add     r5, r6, r7
    sub     r6, r6, r7
    add     r3, r3, r3, lsl #1
    add     r11, r10, r5
    add     r3, r5, r3, lsl #1
    lsl     r11, r11, #2
    add     r3, r3, r10, lsl #2
    add     r8, r8, r8, lsl #1
    add     r10, r6, r4, lsl #1
    add     r8, r8, r6
    lsl     r10, r10, #1
    add     r12, r4, r8, lsl #1
    lsl     r12, r12, #2
.endm

.macro code v
    and     r8, r6, \v, asr #31
    add     r8, r8, r5
    smmla   \v, \v, r4, r8
    ssat    \v, #8, \v, asr #TK_WINO_SHIFT
.endm

.macro column c
    ldr     r3, [sp, #(4 * \c)]
    ldr     r4, [sp, #(4 * \c + 16)]
    ldr     r5, [sp, #(4 * \c + 32)]
    ldr     r6, [sp, #(4 * \c + 48)]
    ldr     r7, [sp, #(4 * \c + 64)]
    ldr     r8, [sp, #(4 * \c + 80)]
    add     r4, r4, r2
    a_times
    ldr     r8, [sp, #96]
    ldmia   r8, {r4-r6}
    code    r3
    code    r10
    code    r11
    code    r12
    ldr     r4, [sp, #116]
    add     r8, r1, lr
    strb    r3, [r1]
    strb    r10, [r1, lr]
    strb    r11, [r1, lr, lsl #1]
    strb    r12, [r8, lr, lsl #1]
    add     r1, r1, r4
.endm

    .section .text.tk_wino_output_s8, "ax", %progbits
    .balign 4
    .global tk_wino_output_s8
    .type tk_wino_output_s8, %function
tk_wino_output_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #120
    strd    r1, r2, [sp, #96]
    str     r3, [sp, #104]
    ldr     r4, [r2, #32]
    mov     r5, #2
    strd    r5, r4, [sp, #112]
1:
    mov     r5, #0
    str     r5, [sp, #108]
2:
    mov     r1, sp
.rept 6
    ldmia   r0!, {r3-r8}
    a_times
    stmia   r1!, {r3, r10, r11, r12}
.endr
    ldr     r3, [sp, #96]
    ldr     r4, [sp, #100]
    ldrd    r5, r6, [sp, #104]
    ldr     r2, [r3, #12]
    add     r4, r4, r6, lsl #2
    ldr     r1, [r4]
    ldr     lr, [r4, #16]
    add     r1, r1, r5
    column  0
    column  1
    column  2
    column  3
    ldr     r6, [sp, #108]
    add     r6, r6, #1
    str     r6, [sp, #108]
    cmp     r6, #4
    bne     2b
    ldr     r3, [sp, #96]
    ldr     r5, [sp, #104]
    ldr     r6, [sp, #112]
    add     r3, r3, #16
    add     r5, r5, #1
    str     r3, [sp, #96]
    str     r5, [sp, #104]
    subs    r6, r6, #1
    str     r6, [sp, #112]
    bne     1b
    add     sp, sp, #120
    pop     {r4-r8, r10, r11, pc}
    .size tk_wino_output_s8, . - tk_wino_output_s8
#endif
