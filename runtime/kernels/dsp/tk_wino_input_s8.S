/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_wino_input_s8(const int8_t *x, uint32_t *v, const tk_wino *image): see tk_wino_input_s8.h.
 *
 * Two channels of a tile: about 430 instructions, 490 cycles: six columns of 36 instructions, 40 cycles, six rows of 30 and 35.
 *
 *   r0 x of the column; v   r1 bytes of a row of x; of an element of v   r2 half-transformed values   r3-r8 six values
 *   r10, r11, r12, lr temporary
 *   stack: 0 half-transformed, 6 x 6   144 x   148 v   152 row   156 pixel   160 bytes of an element   164 fours left
 *          168 turns left */
#include "tk_wino.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro b_times                    /* r3-r8 -> r3, lr, r10, r11, r12, r8 */
    sadd16  r10, r5, r5
    sadd16  r11, r4, r4
    sadd16  r10, r10, r10
    sadd16  r11, r11, r11
    ssub16  r10, r10, r7          /* 4 c - e */
    ssub16  r11, r11, r6          /* 4 b - d */
    ssub16  r12, r7, r5           /* e - c */
    sadd16  lr, r10, r11
    ssub16  r10, r10, r11
    ssub16  r3, r3, r5
    ssub16  r4, r6, r4
    sadd16  r3, r3, r3
    sadd16  r4, r4, r4            /* 2 (d - b) */
    sadd16  r3, r3, r3
    ssub16  r8, r8, r6
    sadd16  r3, r3, r12
    sadd16  r11, r12, r4
    ssub16  r12, r12, r4
    sadd16  r4, r4, r4
    ssub16  r8, r8, r4
.endm

.macro columns turn
    ldrd    r0, r1, [sp, #144]
    ldr     r1, [sp, #152]
    mov     r2, #2
    str     r2, [sp, #168]
    mov     r2, sp
1:
.rept 3
    add     r12, r0, r1
    ldr     r3, [r0]
    ldr     r5, [r0, r1, lsl #1]
    ldr     r7, [r0, r1, lsl #2]
    ldr     r4, [r12]
    ldr     r6, [r12, r1, lsl #1]
    ldr     r8, [r12, r1, lsl #2]
    ldr     r12, [sp, #156]
    sxtb16  r3, r3, ror #\turn
    sxtb16  r4, r4, ror #\turn
    sxtb16  r5, r5, ror #\turn
    sxtb16  r6, r6, ror #\turn
    sxtb16  r7, r7, ror #\turn
    sxtb16  r8, r8, ror #\turn
    add     r0, r0, r12
    b_times
    str     lr, [r2, #24]
    str     r10, [r2, #48]
    str     r11, [r2, #72]
    str     r12, [r2, #96]
    str     r8, [r2, #120]
    str     r3, [r2], #4
.endr
    ldr     r3, [sp, #168]
    subs    r3, r3, #1
    str     r3, [sp, #168]
    bne     1b
.endm

.macro rows
    ldr     r0, [sp, #148]
    ldr     r1, [sp, #160]
    add     r3, r0, #16           /* the next pair of channels */
    str     r3, [sp, #148]
    mov     r2, sp
.rept 6
    ldmia   r2!, {r3-r8}
    b_times
    add     r5, r1, r1, lsl #2
    str     r3, [r0]
    str     lr, [r0, r1]
    str     r10, [r0, r1, lsl #1]
    str     r12, [r0, r1, lsl #2]
    str     r8, [r0, r5]
    add     r0, r0, r1, lsl #1
    str     r11, [r0, r1]
    add     r0, r0, r1, lsl #2
.endr
.endm

    .section .text.tk_wino_input_s8, "ax", %progbits
    .balign 4
    .global tk_wino_input_s8
    .type tk_wino_input_s8, %function
tk_wino_input_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #176
    strd    r0, r1, [sp, #144]
    ldm     r2, {r3, r4, r5}      /* fours, row, pixel */
    strd    r4, r5, [sp, #152]
    lsl     r4, r3, #5
    strd    r4, r3, [sp, #160]
2:
    columns 0
    bl      3f
    columns 8
    bl      3f
    ldr     r0, [sp, #144]
    ldr     r3, [sp, #164]
    add     r0, r0, #4
    str     r0, [sp, #144]
    subs    r3, r3, #1
    str     r3, [sp, #164]
    bne     2b
    add     sp, sp, #176
    pop     {r4-r8, r10, r11, pc}
3:
    str     lr, [sp, #172]
    rows
    ldr     pc, [sp, #172]
    .size tk_wino_input_s8, . - tk_wino_input_s8
#endif
