/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_lstm_cell_dsp_s8(const int32_t *input, const int32_t *recurrent, int16_t *cell, int8_t *y, const tk_lstm_dsp_cell *layer):
 * see tk_lstm_cell_dsp_s8.h. A unit: 131 instructions, 170 cycles.
 *
 * The functions are odd about the middle: for a sign s of 0 or -1, the curve of the magnitude, exclusive or s, is the curve's
 * negative less 1, and that is how the reference rounds below zero.
 *
 *   r0 input   r1 recurrent   r2 cell   r3 y   r4 layer   r5 table   r6 bytes of a gate   r7 an argument, then what comes of it
 *   r8, r10, r11 gates   r12, lr working
 *   stack: 0 end of y */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.set UPDATE, 8
.set FORGET, 20
.set CELL_MIN, 32
.set TANH, 40
.set OUTPUT, 52
.set OFFSET, 64

.macro curve to, from, bits       /* of the argument in `from` */
    eor     r12, \from, \from, asr #31
    sub     r12, r12, \from, asr #31
.if \bits == 8
    usat    r12, #16, r12
.endif
    lsr     lr, r12, #\bits
    ldr     lr, [r5, lr, lsl #2]
    ubfx    r12, r12, #0, #\bits
    smulbt  r12, r12, lr
    uxth    lr, lr
    add     r12, r12, lr, lsl #\bits
    eor     \to, r12, \from, asr #31
.endm

.macro scaled v, at               /* r7, r12, lr are lost */
    ldr     r7, [r4, #\at]
    lsl     \v, \v, #1
    ldrd    r12, lr, [r4, #\at + 4]
    smmulr  \v, \v, r7
    add     \v, \v, \v, asr #31
    add     \v, \v, r12
    asr     \v, \v, lr
.endm

.macro gate to, number
.if \number == 0
    ldr     r7, [r0]
    ldr     r12, [r1]
.elseif \number == 1
    ldr     r7, [r0, r6]
    ldr     r12, [r1, r6]
.elseif \number == 2
    ldr     r7, [r0, r6, lsl #1]
    ldr     r12, [r1, r6, lsl #1]
.else
    add     r7, r6, r6, lsl #1
    ldr     r12, [r1, r7]
    ldr     r7, [r0, r7]
.endif
    add     r7, r7, r12
    ssat    r7, #16, r7
    add     r7, r7, r7, lsl #1
.if \number == 3
    curve   \to, r7, 8
    add     \to, \to, #128
    asr     \to, \to, #8
.else
    curve   \to, r7, 9
    add     \to, \to, #1 << 24
    add     \to, \to, #512
    asr     \to, \to, #10
.endif
.endm

    .section .text.tk_lstm_cell_dsp_s8, "ax", %progbits
    .balign 4
    .global tk_lstm_cell_dsp_s8
    .type tk_lstm_cell_dsp_s8, %function
tk_lstm_cell_dsp_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #8
    ldr     r4, [sp, #40]
    ldrd    r5, r6, [r4]          /* table, units */
    add     r7, r3, r6
    str     r7, [sp]
    add     r6, r6, #3
    bic     r6, r6, #3
    lsl     r6, r6, #2
1:
    gate    r8, 0
    gate    r10, 3
    smulbb  r8, r8, r10
    scaled  r8, UPDATE
    ssat    r8, #16, r8
    gate    r10, 1
    ldrsh   r11, [r2]
    smulbb  r10, r10, r11
    scaled  r10, FORGET
    ssat    r10, #16, r10
    add     r8, r8, r10
    ldrd    r12, lr, [r4, #CELL_MIN]
    cmp     r8, r12
    it      lt
    movlt   r8, r12
    cmp     r8, lr
    it      gt
    movgt   r8, lr
    strh    r8, [r2], #2
    ldr     r7, [r4, #TANH]
    ldrd    r12, lr, [r4, #TANH + 4]
    mla     r8, r8, r7, r12
    asr     r8, r8, lr
    curve   r8, r8, 8
    add     r8, r8, #128
    asr     r8, r8, #8
    gate    r10, 2
    smulbb  r8, r8, r10
    scaled  r8, OUTPUT
    ldr     r7, [r4, #OFFSET]
    add     r8, r8, r7
    ssat    r8, #8, r8
    ldr     r7, [sp]
    strb    r8, [r3], #1
    add     r0, r0, #4
    add     r1, r1, #4
    cmp     r3, r7
    bne     1b
    add     sp, sp, #8
    pop     {r4-r8, r10, r11, pc}
    .size tk_lstm_cell_dsp_s8, . - tk_lstm_cell_dsp_s8
#endif
