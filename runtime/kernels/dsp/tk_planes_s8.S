/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_planes_s8(const int8_t *const *rows, uint32_t *planes, const tk_planes_lines *lines, int32_t channel):
 * see tk_planes_s8.h.
 * Two pixels of four channels: 13 instructions, 14 cycles, and 4 more a turn for one or two of them.
 *
 *   r0 x   r1 planes   r2 padding   r3 left   r4-r7 pixels and results   r8 right   r10 after   r11 pitch   r12 pairs   lr before
 *   stack: 0 rows   4 planes' line   8 lines   12 channel   16 first pixel   20 lines left */
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

.macro pair
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
    ldrd    r4, r5, [r2, #28]     /* first, lines */
    add     r4, r4, r3
    strd    r0, r1, [sp]
    str     r2, [sp, #8]
    strd    r4, r5, [sp, #16]
10:
    ldm     sp, {r4, r6, r12}
    ldr     r7, [sp, #16]
    add     r5, r6, #(4 * TK_FOUR_LINES)
    ldr     r0, [r4], #4
    strd    r4, r5, [sp]
    cmp     r0, #0
    beq     9f
    add     r0, r0, r7
    mov     r1, r6
    ldmia   r12!, {r2, lr}
    ldmia   r12, {r3, r4, r8, r10, r11}
    mov     r12, r4
    cmp     lr, #0
    beq     2f
1:
    word    r2, r2
    subs    lr, lr, #1
    bne     1b
2:
    cmp     r3, #0
    beq     3f
    ldr     r4, [r0]
    add     r0, r0, r11
    word    r2, r4
3:
    lsrs    r12, r12, #1
    bcc     4f
    pair
4:
    cmp     r12, #0
    beq     5f
6:
    pair
    pair
    subs    r12, r12, #1
    bne     6b
5:
    cmp     r8, #0
    beq     7f
    ldr     r4, [r0]
    word    r4, r2
7:
    cmp     r10, #0
    beq     9f
8:
    word    r2, r2
    subs    r10, r10, #1
    bne     8b
9:
    ldr     r4, [sp, #20]
    subs    r4, r4, #1
    str     r4, [sp, #20]
    bne     10b
    add     sp, sp, #24
    pop     {r4-r8, r10, r11, pc}
    .size tk_planes_s8, . - tk_planes_s8
#endif
