/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_add4_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_add4 *add): see tk_add4_s8.h.
 *
 * Four elements: 26 instructions, 29 cycles. A masked word holds 256 times two of the elements; SMLAW drops 16 bits of the
 * product with a multiplier that has 8 more: nothing but zeros.
 *
 *   r0 x1   r1 x2   r2 y   r3 end of x1   r4, r5 elements   r6-r8 sums   r10, r11 multipliers   r12 offset   lr 0xff00ff00 */
#include "tk_add4_s8.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb
    .section .text.tk_add4_s8, "ax", %progbits
    .balign 4
    .global tk_add4_s8
    .type tk_add4_s8, %function
tk_add4_s8:
    push    {r4-r8, r10, r11, lr}
    ldmia   r3, {r3, r10, r11, r12}
    mov     lr, #0xff00ff00
    add     r3, r3, r0
1:
    ldr     r4, [r1], #4
    ldr     r5, [r0], #4
    and     r6, lr, r4, lsl #8
    and     r7, lr, r5, lsl #8
    smlawb  r8, r11, r6, r12
    smlawt  r6, r11, r6, r12
    smlawb  r8, r10, r7, r8
    smlawt  r6, r10, r7, r6
    and     r4, lr, r4
    and     r5, lr, r5
    ssat    r8, #8, r8, asr #TK_ADD_SHIFT
    ssat    r6, #8, r6, asr #TK_ADD_SHIFT
    smlawb  r7, r11, r4, r12
    smlawt  r4, r11, r4, r12
    smlawb  r7, r10, r5, r7
    smlawt  r4, r10, r5, r4
    strb    r6, [r2, #2]
    ssat    r7, #8, r7, asr #TK_ADD_SHIFT
    ssat    r4, #8, r4, asr #TK_ADD_SHIFT
    strb    r7, [r2, #1]
    strb    r4, [r2, #3]
    strb    r8, [r2], #4
    cmp     r0, r3
    bne     1b
    pop     {r4-r8, r10, r11, pc}
    .size tk_add4_s8, . - tk_add4_s8
#endif
