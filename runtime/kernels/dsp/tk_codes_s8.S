/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_codes_s8(const int32_t *sums, int32_t n, int8_t *y, const tk_codes *codes): see tk_codes_s8.h. A sum: 21 instructions, 25
 * cycles.
 *
 * s = the inner product, of 32 bits; then (s - (s < 0) + 2^(right - 1)) >> right, of which the sum does not fit: one shift is
 * right - 1, then 1 is added, and the last shift is by 1.
 *
 *   r0 sums   r1 end of y   r2 y   r3 bias   r4 multiplier   r5 right - 1   r6 offset   r7 min   r8 max   r10 2^30   r11, r12, lr
 *   working */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb
    .section .text.tk_codes_s8, "ax", %progbits
    .balign 4
    .global tk_codes_s8
    .type tk_codes_s8, %function
tk_codes_s8:
    push    {r4-r8, r10, r11, lr}
    add     r1, r1, r2
    ldmia   r3, {r3-r8}
    sub     r5, r5, #1
    mov     r10, #0x40000000
1:
    ldr     r11, [r0], #4
    ldr     r12, [r3], #4
    add     r11, r11, r12
    smull   r12, r11, r11, r4
    adds    r12, r12, r10
    adc     r11, r11, #0
    lsl     r11, r11, #1
    orr     r11, r11, r12, lsr #31
    add     r11, r11, r11, asr #31
    asr     r11, r11, r5
    add     r11, r11, #1
    add     r11, r6, r11, asr #1
    cmp     r11, r7
    it      lt
    movlt   r11, r7
    cmp     r11, r8
    it      gt
    movgt   r11, r8
    strb    r11, [r2], #1
    cmp     r2, r1
    bne     1b
    pop     {r4-r8, r10, r11, pc}
    .size tk_codes_s8, . - tk_codes_s8
#endif
