/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_planes_s8(const int8_t *x, int32_t pitch, int32_t pairs, uint32_t *planes): see tk_planes_s8.h.
 * Eight values a turn: 15 instructions, 19 cycles. */
#include "tk_depthwise3.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb
    .section .text.tk_planes_s8, "ax", %progbits
    .balign 4
    .global tk_planes_s8
    .type tk_planes_s8, %function
tk_planes_s8:
    push    {r4-r8, lr}
1:
    ldr     r5, [r0, r1]
    ldr     r4, [r0]
    add     r0, r0, r1, lsl #1
    pkhbt   r6, r4, r5, lsl #16
    pkhtb   r7, r5, r4, asr #16
    sxtb16  r4, r6
    sxtb16  r5, r6, ror #8
    sxtb16  r6, r7
    sxtb16  r7, r7, ror #8
    str     r5, [r3, #(4 * TK_PLANE)]
    str     r6, [r3, #(8 * TK_PLANE)]
    str     r7, [r3, #(12 * TK_PLANE)]
    str     r4, [r3], #4
    subs    r2, r2, #1
    bne     1b
    pop     {r4-r8, pc}
    .size tk_planes_s8, . - tk_planes_s8
#endif
