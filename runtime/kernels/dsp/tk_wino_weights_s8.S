/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_wino_weights_s8(const uint32_t *w, uint32_t *u, int32_t fours): see tk_wino_weights_s8.h.
 *
 * Two input channels: about 190 instructions, 210 cycles: three columns of 21 and 22, six rows of 18 and 21.
 *
 *   r0 w   r1 u   r2 bytes of an element of u   r3-r5 three values   r6-r8, r10 results   r11 half-transformed values
 *   r12 u of the pair   lr 5 * r2
 *   stack: 0 half-transformed, 6 x 3   72 fours left */
#include "tk_wino.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro g_times                    /* r3-r5 -> r3, r7, r6, r10, r8, r5 */
    sadd16  r6, r3, r5
    sadd16  r8, r5, r5
    sadd16  r7, r6, r4
    ssub16  r6, r6, r4
    sadd16  r8, r8, r8
    sadd16  r4, r4, r4
    sadd16  r8, r8, r3
    sadd16  r10, r8, r4
    ssub16  r8, r8, r4
.endm

.macro pair turn
.set at, 0
.rept 3
    ldr     r3, [r0, #at]
    ldr     r4, [r0, #(at + 12)]
    ldr     r5, [r0, #(at + 24)]
    sxtb16  r3, r3, ror #\turn
    sxtb16  r4, r4, ror #\turn
    sxtb16  r5, r5, ror #\turn
    g_times
    str     r3, [sp, #at]
    str     r7, [sp, #(at + 12)]
    str     r6, [sp, #(at + 24)]
    str     r10, [sp, #(at + 36)]
    str     r8, [sp, #(at + 48)]
    str     r5, [sp, #(at + 60)]
.set at, at + 4
.endr
    mov     r11, sp
    mov     r12, r1
.rept 6
    ldmia   r11!, {r3-r5}
    g_times
    str     r3, [r12]
    str     r7, [r12, r2]
    str     r6, [r12, r2, lsl #1]
    str     r8, [r12, r2, lsl #2]
    str     r5, [r12, lr]
    add     r12, r12, r2, lsl #1
    str     r10, [r12, r2]
    add     r12, r12, r2, lsl #2
.endr
    add     r1, r1, #8
.endm

    .section .text.tk_wino_weights_s8, "ax", %progbits
    .balign 4
    .global tk_wino_weights_s8
    .type tk_wino_weights_s8, %function
tk_wino_weights_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #80
    str     r2, [sp, #72]
    lsl     r2, r2, #4
    add     lr, r2, r2, lsl #2
1:
    pair    0
    pair    8
    add     r0, r0, #36
    ldr     r3, [sp, #72]
    subs    r3, r3, #1
    str     r3, [sp, #72]
    bne     1b
    add     sp, sp, #80
    pop     {r4-r8, r10, r11, pc}
    .size tk_wino_weights_s8, . - tk_wino_weights_s8
#endif
