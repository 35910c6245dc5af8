/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_window_means_s16(const int16_t *x, int16_t *y, const tk_fours *window, const tk_means_s16 *means): see
 * tk_window_means_s16.h. A pixel of four channels: 9 instructions, 12 cycles; a mean: 8.
 *
 *   r0 x of the four   r1 y   r2 rows left   r3 bytes of a pixel   r4-r7 sums   r8 row in question   r10, lr words
 *   r11 pixel in question   r12 pixels left; of means r10 half, r11 reciprocal, r12 sign, lr a low word
 *   stack: 0 rows   4 columns   8 fours left   12 bytes of a row   16 half   20 reciprocal */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro mean v
    asr     r12, \v, #31
    eor     \v, \v, r12
    sub     \v, \v, r12
    add     \v, r10, \v, lsl #1
    umull   lr, \v, \v, r11
    eor     \v, \v, r12
    sub     \v, \v, r12
    strh    \v, [r1], #2
.endm

    .section .text.tk_window_means_s16, "ax", %progbits
    .balign 4
    .global tk_window_means_s16
    .type tk_window_means_s16, %function
tk_window_means_s16:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #24
    ldrd    r10, r11, [r3]
    ldmia   r2, {r2, r3, r4, r5, r6} /* rows, columns, pixel, row, fours */
    strd    r10, r11, [sp, #16]
    lsl     r7, r5, #1
    strd    r2, r3, [sp]
    strd    r6, r7, [sp, #8]
    lsl     r3, r4, #1
1:
    ldr     r2, [sp]
    mov     r8, r0
    mov     r4, #0
    mov     r5, #0
    mov     r6, #0
    mov     r7, #0
2:
    ldr     r12, [sp, #4]
    mov     r11, r8
3:
    ldr     r10, [r11]
    ldr     lr, [r11, #4]
    add     r11, r11, r3
    sxtah   r4, r4, r10
    add     r5, r5, r10, asr #16
    sxtah   r6, r6, lr
    add     r7, r7, lr, asr #16
    subs    r12, r12, #1
    bne     3b
    ldr     r10, [sp, #12]
    subs    r2, r2, #1
    add     r8, r8, r10
    bne     2b
    ldrd    r10, r11, [sp, #16]
    mean    r4
    mean    r5
    mean    r6
    mean    r7
    ldr     r6, [sp, #8]
    add     r0, r0, #8
    subs    r6, r6, #1
    str     r6, [sp, #8]
    bne     1b
    add     sp, sp, #24
    pop     {r4-r8, r10, r11, pc}
    .size tk_window_means_s16, . - tk_window_means_s16
#endif
