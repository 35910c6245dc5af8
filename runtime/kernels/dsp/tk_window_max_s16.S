/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_window_max_s16(const int16_t *x, int16_t *y, const tk_fours *window): see tk_window_max_s16.h.
 *
 * A pixel of four channels: 9 instructions, 12 cycles. SSUB16 compares halfwords, of which SEL takes the greater.
 *
 *   r0 x of the four   r1 y   r2 rows left   r3 bytes of a pixel   r4, r5 the greatest   r6, r7 words   r8 row in question
 *   r10 differences, which nothing reads   r11 pixel in question   r12 pixels left   lr bytes of a row
 *   stack: 0 rows   4 columns   8 fours left   12 unused */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

    .section .text.tk_window_max_s16, "ax", %progbits
    .balign 4
    .global tk_window_max_s16
    .type tk_window_max_s16, %function
tk_window_max_s16:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #16
    ldmia   r2, {r2, r3, r4, r5, r6} /* rows, columns, pixel, row, fours */
    strd    r2, r3, [sp]
    str     r6, [sp, #8]
    lsl     r3, r4, #1
    lsl     lr, r5, #1
1:
    ldr     r4, [r0]
    ldr     r5, [r0, #4]
    ldr     r2, [sp]
    mov     r8, r0
2:
    ldr     r12, [sp, #4]
    mov     r11, r8
3:
    ldr     r6, [r11]
    ldr     r7, [r11, #4]
    add     r11, r11, r3
    ssub16  r10, r6, r4
    sel     r4, r6, r4
    ssub16  r10, r7, r5
    sel     r5, r7, r5
    subs    r12, r12, #1
    bne     3b
    add     r8, r8, lr
    subs    r2, r2, #1
    bne     2b
    ldr     r6, [sp, #8]
    str     r4, [r1], #4
    str     r5, [r1], #4
    add     r0, r0, #8
    subs    r6, r6, #1
    str     r6, [sp, #8]
    bne     1b
    add     sp, sp, #16
    pop     {r4-r8, r10, r11, pc}
    .size tk_window_max_s16, . - tk_window_max_s16
#endif
