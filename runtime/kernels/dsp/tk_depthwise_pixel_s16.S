/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_depthwise_pixel_s16(const int16_t *const *x, int16_t *y, const tk_depthwise_pixel_s16_params *pixel): see
 * tk_depthwise_pixel_s16.h.
 *
 * A tap of four channels: 11 instructions, 13 cycles; four channels' results besides: 40 instructions, 55 cycles. A round is two
 * taps; of an odd number of them the first round is entered in the middle.
 *
 *   r0 taps   r1 rounds   r2 weights   r3 bytes to the channel   r4-r7 sums   r8, r10-r12, lr working
 *   stack: 0 taps   4 y   8 taps + 1   12 bytes to the last four channels   16 floor   20 unused */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro tap
    ldr     r8, [r0], #4
    ldr     r12, [r2], #4
    add     r8, r8, r3
    ldr     r10, [r8]
    ldr     r11, [r8, #4]
    sxtb16  lr, r12
    sxtb16  r12, r12, ror #8
    smlabb  r4, r10, lr, r4
    smlatt  r5, r10, lr, r5
    smlabb  r6, r11, r12, r6
    smlatt  r7, r11, r12, r7
.endm

.macro code v, multiplier         /* r0 floor */
    smmulr  \v, \v, \multiplier
    ssat    \v, #16, \v
    and     r1, r0, \v, asr #31
    bic     \v, \v, r1
.endm

    .section .text.tk_depthwise_pixel_s16, "ax", %progbits
    .balign 4
    .global tk_depthwise_pixel_s16
    .type tk_depthwise_pixel_s16, %function
tk_depthwise_pixel_s16:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #24
    ldmia   r2, {r2, r3, r4, r5}  /* weights, taps, channels, floor */
    add     r3, r3, #1
    lsl     r4, r4, #1
    sub     r4, r4, #8
    strd    r0, r1, [sp]
    strd    r3, r4, [sp, #8]
    str     r5, [sp, #16]
    mov     r3, #0
1:
    ldr     r1, [sp, #8]
    ldr     r0, [sp]
    ldmia   r2!, {r4-r7}
    lsrs    r1, r1, #1
    bcc     3f
2:
    tap
3:
    tap
    subs    r1, r1, #1
    bne     2b
    ldmia   r2!, {r8, r10-r12}
    ldr     r0, [sp, #16]
    code    r4, r8
    code    r5, r10
    code    r6, r11
    code    r7, r12
    ldr     r0, [sp, #4]
    ldr     r1, [sp, #12]
    add     r0, r0, r3
    strh    r4, [r0]
    strh    r5, [r0, #2]
    strh    r6, [r0, #4]
    strh    r7, [r0, #6]
    cmp     r3, r1
    beq     4f
    add     r3, r3, #8
    cmp     r3, r1
    it      gt
    movgt   r3, r1
    b       1b
4:
    add     sp, sp, #24
    pop     {r4-r8, r10, r11, pc}
    .size tk_depthwise_pixel_s16, . - tk_depthwise_pixel_s16
#endif
