/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_dots_s16(const int16_t *x, const int16_t *w, int16_t *y, const tk_dots_s16_params *dots): see tk_dots_s16.h.
 *
 * Two products of two columns: 5 instructions, 6 cycles. A round is twice that; of an odd number of twos the first round is entered
 * in the middle. Of the last column of an odd number two sums are computed, and one is stored.
 *
 *   r0 x   r1, r2 columns   r3 y   r4, r5 and r6, r7 sums of both   r8, r10, r11 inputs   r12 bytes of a column   lr rounds
 *   stack: 0 x   4 twos + 1   8 low   12 high   16 shift   20 floor   24 multiplier   28 columns left */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro step
    ldr     r8, [r0], #4
    ldr     r10, [r1], #4
    ldr     r11, [r2], #4
    smlald  r4, r5, r8, r10
    smlald  r6, r7, r8, r11
.endm

.macro code low, high             /* r11 multiplier */
    umull   r8, r10, \low, r11
    mla     r10, \high, r11, r10
    ldrd    \low, \high, [sp, #8]
    adds    r8, r8, \low
    adc     r10, r10, \high
    ldrd    \low, \high, [sp, #16]
    asr     r10, r10, \low
    ssat    r10, #16, r10
    and     \high, \high, r10, asr #31
    bic     r10, r10, \high
    strh    r10, [r3], #2
.endm

    .section .text.tk_dots_s16, "ax", %progbits
    .balign 4
    .global tk_dots_s16
    .type tk_dots_s16, %function
tk_dots_s16:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #32
    ldmia   r3, {r3-r8, r10}      /* depth, columns, multiplier, low, high, shift, floor */
    strd    r6, r7, [sp, #8]
    strd    r8, r10, [sp, #16]
    strd    r5, r4, [sp, #24]
    lsl     r12, r3, #1
    lsr     r5, r3, #1
    add     r5, r5, #1
    mov     r3, r2
    strd    r0, r5, [sp]
1:
    mov     r2, r1
    cmp     r4, #1
    it      ne
    addne   r2, r1, r12
    ldrd    r0, lr, [sp]
    mov     r4, #0
    mov     r5, #0
    mov     r6, #0
    mov     r7, #0
    lsrs    lr, lr, #1
    beq     4f
    bcc     3f
2:
    step
3:
    step
    subs    lr, lr, #1
    bne     2b
4:
    tst     r12, #2
    beq     5f
    ldrsh   r8, [r0]
    ldrsh   r10, [r1], #2
    ldrsh   r11, [r2], #2
    smlalbb r4, r5, r8, r10
    smlalbb r6, r7, r8, r11
5:
    ldr     r11, [sp, #24]
    mov     r1, r2
    code    r4, r5
    ldr     r4, [sp, #28]
    subs    r4, r4, #1
    beq     6f
    code    r6, r7
    subs    r4, r4, #1
    str     r4, [sp, #28]
    bne     1b
6:
    add     sp, sp, #32
    pop     {r4-r8, r10, r11, pc}
    .size tk_dots_s16, . - tk_dots_s16
#endif
