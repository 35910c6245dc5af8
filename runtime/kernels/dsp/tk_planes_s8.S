/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_planes_s8(const int8_t *const *rows, uint32_t *planes, const tk_planes_lines *lines, int32_t channel):
 * see tk_planes_s8.h.
 * Two pixels of four channels: 13 instructions, 14 cycles, four times a turn, which takes 4 cycles more; a line about 30 more.
 *
 *   r0 x   r1 planes   r2 padding   r3 left   r4-r7 pixels and results   r8 right   r10 after   r11 pitch   r12 words left
 *   lr before
 *   stack: 0 rows   4 planes' line   8 first pixel   12 pairs   16 lines left */
#include "tk_planes.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro word p, q
    pkhbt   r6, \p, \q, lsl #16
    pkhtb   r7, \q, \p, asr #16
    sxtb16  r4, r6
    sxtb16  r5, r6, ror #8
    sxtb16  r6, r7
    sxtb16  r7, r7, ror #8
    str     r5, [r1, #(4 * TK_LINE)]
    str     r6, [r1, #(8 * TK_LINE)]
    str     r7, [r1, #(12 * TK_LINE)]
    str     r4, [r1], #4
.endm

.macro pair                       /* two pixels */
    ldr     r5, [r0, r11]
    ldr     r4, [r0]
    add     r0, r0, r11, lsl #1
    word    r4, r5
.endm

    .section .text.tk_planes_s8, "ax", %progbits
    .balign 4
    .global tk_planes_s8
    .type tk_planes_s8, %function
tk_planes_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #24
    strd    r0, r1, [sp]
    mov     r0, r3
    ldmia   r2!, {r4, lr}         /* padding, before */
    ldmia   r2, {r3, r5, r8, r10-r12} /* left, pairs, right, after, pitch, first */
    ldr     r6, [r2, #24]         /* lines */
    mov     r2, r4
    add     r0, r0, r12
    strd    r0, r5, [sp, #8]
    str     r6, [sp, #16]
1:
    ldrd    r4, r1, [sp]
    ldr     r5, [sp, #8]
    ldr     r0, [r4], #4
    add     r6, r1, #(4 * TK_FOUR_LINES)
    strd    r4, r6, [sp]
    cmp     r0, #0
    beq     9f
    add     r0, r0, r5
    movs    r12, lr
    beq     3f
2:
    word    r2, r2
    subs    r12, r12, #1
    bne     2b
3:
    ldr     r12, [sp, #12]
    cmp     r3, #0
    beq     4f
    ldr     r4, [r0]
    add     r0, r0, r11
    word    r2, r4
4:
    tst     r12, #1
    beq     5f
    pair
5:
    tst     r12, #2
    beq     6f
    pair
    pair
6:
    lsrs    r12, r12, #2
    beq     8f
7:
    pair
    pair
    pair
    pair
    subs    r12, r12, #1
    bne     7b
8:
    cmp     r8, #0
    beq     10f
    ldr     r4, [r0]
    word    r4, r2
10:
    movs    r12, r10
    beq     9f
11:
    word    r2, r2
    subs    r12, r12, #1
    bne     11b
9:
    ldr     r4, [sp, #16]
    subs    r4, r4, #1
    str     r4, [sp, #16]
    bne     1b
    add     sp, sp, #24
    pop     {r4-r8, r10, r11, pc}
    .size tk_planes_s8, . - tk_planes_s8
#endif
