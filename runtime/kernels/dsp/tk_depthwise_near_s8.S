/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_depthwise_near_s8(const int8_t *x, int8_t *y, const uint32_t *w, const tk_depthwise_near *near): see
 * tk_depthwise_near_s8.h.
 *
 * A tap of four channels: 11 instructions, 14 cycles; three in a row, as most kernels have, 24. A row of taps takes 10 instructions
 * more, four channels 57.
 *
 *   r0 x   r1 the zero point times -1, in both halves   r2 w   r3 bytes from a tap to the next   r4-r7 sums of the channels 0-3
 *   r8, r12 inputs, channels 1 and 3, 0 and 2   r10, r11 weights   lr columns left
 *   stack: 0 rows left   4 columns   8 row   12 skip   16 rows   20 first   24 starts   28 four   32 fours left   36 w   40 x
 *          44 y */
#include "tk_depthwise_near_s8.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro tap                        /* r8 the inputs */
    ldrd    r10, r11, [r2], #8
    sxtab16 r12, r1, r8
    sxtab16 r8, r1, r8, ror #8
    smlabb  r4, r12, r10, r4
    smlatt  r6, r12, r10, r6
    smlabb  r5, r8, r11, r5
    smlatt  r7, r8, r11, r7
.endm

.macro code v                     /* lr the constants, r0 y */
    ldmia   lr!, {r8, r10, r11, r12}
    and     r11, r11, \v, asr #31
    add     r11, r11, r10
    smmla   \v, \v, r8, r11
    asr     \v, \v, r12
    ssat    \v, #8, \v
    strb    \v, [r0], #1
.endm

    .section .text.tk_depthwise_near_s8, "ax", %progbits
    .balign 4
    .global tk_depthwise_near_s8
    .type tk_depthwise_near_s8, %function
tk_depthwise_near_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #48
    strd    r2, r0, [sp, #36]
    str     r1, [sp, #44]
    ldmia   r3!, {r4-r8, r10}     /* rows, columns, pitch, row, skip, first */
    ldmia   r3, {r0-r2, r12}      /* starts, four, fours, negative */
    mov     r3, r6
    str     r5, [sp, #4]
    strd    r7, r8, [sp, #8]
    strd    r4, r10, [sp, #16]
    strd    r0, r1, [sp, #24]
    str     r2, [sp, #32]
    mov     r1, r12
1:
    ldrd    r2, r0, [sp, #36]
    ldrd    r10, r8, [sp, #20]
    add     r8, r2, r8
    ldmia   r8, {r4-r7}
    add     r2, r2, r10
    ldr     r10, [sp, #16]
    str     r10, [sp]
2:
    ldr     lr, [sp, #4]
    cmp     lr, #3
    beq     4f
    mla     r8, lr, r3, r0        /* where the row ends */
    mov     lr, r8
3:
    ldr     r8, [r0]
    add     r0, r0, r3
    tap
    cmp     r0, lr
    bne     3b
    ldr     r8, [sp, #4]
    mls     r0, r8, r3, r0
    b       5f
4:
    ldr     r8, [r0]
    tap
    ldr     r8, [r0, r3]
    tap
    ldr     r8, [r0, r3, lsl #1]
    tap
5:
    ldrd    r10, r11, [sp, #8]
    ldr     r8, [sp]
    add     r0, r0, r10
    add     r2, r2, r11
    subs    r8, r8, #1
    str     r8, [sp]
    bne     2b
    ldrd    r2, r8, [sp, #36]     /* w, x */
    ldrd    r10, r11, [sp, #24]   /* starts, four */
    add     lr, r2, r10
    add     lr, lr, #16
    add     r2, r2, r11
    add     r8, r8, #4
    strd    r2, r8, [sp, #36]
    ldr     r0, [sp, #44]
    code    r4
    code    r5
    code    r6
    code    r7
    str     r0, [sp, #44]
    ldr     r8, [sp, #32]
    subs    r8, r8, #1
    str     r8, [sp, #32]
    bne     1b
    add     sp, sp, #48
    pop     {r4-r8, r10, r11, pc}
    .size tk_depthwise_near_s8, . - tk_depthwise_near_s8
#endif
