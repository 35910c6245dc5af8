/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_rescale_s16(int32_t *v, int32_t n, const tk_scale_s16 *scale): see tk_rescale_s16.h. Four sums: 32 instructions,
 * 42 cycles.
 *
 *   r0 v   r1 end   r3 multiplier   r4 up   r5 below   r6 half   r7 right   r8, r10-r12 sums   lr working */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro rescale v
    lsl     \v, \v, r4
    smmulr  \v, \v, r3
    and     lr, r5, \v, asr #31
    add     lr, lr, r6
    add     \v, \v, lr
    asr     \v, \v, r7
    ssat    \v, #16, \v
.endm

    .section .text.tk_rescale_s16, "ax", %progbits
    .balign 4
    .global tk_rescale_s16
    .type tk_rescale_s16, %function
tk_rescale_s16:
    push    {r4-r8, r10, r11, lr}
    add     r1, r0, r1, lsl #2
    ldmia   r2, {r3-r7}
1:
    ldmia   r0, {r8, r10-r12}
    rescale r8
    rescale r10
    rescale r11
    rescale r12
    stmia   r0!, {r8, r10-r12}
    cmp     r0, r1
    bne     1b
    pop     {r4-r8, r10, r11, pc}
    .size tk_rescale_s16, . - tk_rescale_s16
#endif
