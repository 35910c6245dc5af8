/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_depthwise_pixel_s8(const int8_t *const *x, int8_t *y, const tk_depthwise_pixel *pixel): see tk_depthwise_pixel_s8.h.
 *
 * Two taps of four channels, 8 products: 17 instructions, 26 cycles; four channels' results besides: 45 instructions, 62 cycles.
 *
 *   r0 taps   r1 end of the taps   r2 weights   r3 channel   r4-r7 sums   r8, r10-r12, lr working
 *   stack: 0 taps   4 y   8 end of the taps   12 the last channel that four begin with */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro code v
    ldmia   r2!, {r8, r10-r12}
    and     r11, r11, \v, asr #31
    add     r10, r10, r11
    smmla   \v, \v, r8, r10
    asr     \v, \v, r12
    ssat    \v, #8, \v
.endm

    .section .text.tk_depthwise_pixel_s8, "ax", %progbits
    .balign 4
    .global tk_depthwise_pixel_s8
    .type tk_depthwise_pixel_s8, %function
tk_depthwise_pixel_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #16
    ldmia   r2, {r2, r3, r4}      /* weights, taps, channels */
    add     r3, r0, r3, lsl #2
    strd    r0, r1, [sp]
    sub     r4, r4, #4
    strd    r3, r4, [sp, #8]
    mov     r3, #0
1:
    ldr     r1, [sp, #8]
    ldr     r0, [sp]
    ldmia   r2!, {r4-r7}
2:
    ldrd    r8, r10, [r0], #8
    ldr     r8, [r8, r3]
    ldr     r10, [r10, r3]
    pkhbt   r11, r8, r10, lsl #16
    pkhtb   r12, r10, r8, asr #16
    ldrd    r8, r10, [r2], #8
    sxtb16  lr, r11
    smlad   r4, lr, r8, r4
    sxtb16  lr, r11, ror #8
    smlad   r5, lr, r10, r5
    ldrd    r8, r10, [r2], #8
    sxtb16  lr, r12
    smlad   r6, lr, r8, r6
    sxtb16  lr, r12, ror #8
    smlad   r7, lr, r10, r7
    cmp     r0, r1
    bne     2b
    code    r4
    code    r5
    code    r6
    code    r7
    ldr     r0, [sp, #4]
    ldr     r1, [sp, #12]
    add     r0, r0, r3
    strb    r4, [r0]
    strb    r5, [r0, #1]
    strb    r6, [r0, #2]
    strb    r7, [r0, #3]
    cmp     r3, r1
    beq     3f
    add     r3, r3, #4
    cmp     r3, r1
    it      gt
    movgt   r3, r1
    b       1b
3:
    add     sp, sp, #16
    pop     {r4-r8, r10, r11, pc}
    .size tk_depthwise_pixel_s8, . - tk_depthwise_pixel_s8
#endif
