/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_weave4_s8 and tk_weave2_s8, TK_PIXELS being 4 or 2, under the name TK_NAME: assembly, for the .S files of these
 * names. Contracts: tk_weave4_s8.h, tk_weave2_s8.h. Internal.
 *
 * Four bytes of four windows a turn: 27 instructions, 33 cycles; of two windows: 17 instructions, 24 cycles. A row of the windows
 * takes 24 cycles more. A halfword 256 * p + q + 128 is p's byte in its high half and q + 128, which is q with its sign bit
 * turned, in its low one: UXTAB16 adds the latter to the masked former.
 *
 *   r0 x   r1 out   r2 0xff00ff00   r3-r8 pixels and results   r10, r11 pixels with sign bits turned   r12 pitch   lr 3 * pitch
 *   stack: 0 rows   4 first   8 bytes of row_step   12 bytes of a segment   16 segments   20 end of the segment   24 segments left
 *          28 bytes that a half word takes back   36 rows left   40 next - bytes of a segment */
#ifndef TK_WEAVE_BODY_H
#define TK_WEAVE_BODY_H

#include "tk_weave.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb
    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #48
    strd    r0, r1, [sp]
    mov     r1, r2
    ldmia   r3, {r4-r8, r10, r12} /* rows, row_step, segments, next, words, half, pitch */
    lsl     r5, r5, #2
    lsl     r8, r8, #2
    sub     r7, r7, r8
    strd    r5, r8, [sp, #8]
    str     r6, [sp, #16]
    strd    r4, r7, [sp, #36]
#if TK_PIXELS == 4
    add     r10, r10, r10, lsl #1
    lsl     r10, r10, #2
#else
    lsl     r10, r10, #3
#endif
    str     r10, [sp, #28]
    mov     r2, #0xff00ff00
    add     lr, r12, r12, lsl #1
1:
    ldm     sp, {r3-r7}
    ldr     r0, [r3]
    add     r3, r3, r5
    str     r3, [sp]
    add     r0, r0, r4
2:
    add     r6, r0, r6
    strd    r6, r7, [sp, #20]
3:
#if TK_PIXELS == 4
    ldr     r5, [r0, r12]
    ldr     r6, [r0, r12, lsl #1]
    ldr     r7, [r0, lr]
    ldr     r4, [r0], #4
    eor     r10, r5, #0x80808080
    eor     r11, r6, #0x80808080
    eor     r7, r7, #0x80808080
    and     r3, r2, r4, lsl #8
    and     r8, r2, r5, lsl #8
    uxtab16 r3, r3, r10
    uxtab16 r8, r8, r11
    strd    r3, r8, [r1], #8
    and     r3, r2, r6, lsl #8
    and     r4, r2, r4
    uxtab16 r3, r3, r7
    and     r5, r2, r5
    and     r6, r2, r6
    uxtab16 r4, r4, r10, ror #8
    uxtab16 r5, r5, r11, ror #8
    uxtab16 r6, r6, r7, ror #8
    ldr     r8, [sp, #20]
    stmia   r1!, {r3-r6}
    cmp     r0, r8
    bne     3b
#else
    ldr     r5, [r0, r12]
    ldr     r4, [r0], #4
    eor     r7, r5, #0x80808080
    eor     r6, r4, #0x80808080
    and     r8, r2, r4, lsl #8
    and     r10, r2, r5, lsl #8
    uxtab16 r8, r8, r6
    uxtab16 r10, r10, r7
    strd    r8, r10, [r1], #8
    and     r4, r2, r4
    and     r5, r2, r5
    uxtab16 r4, r4, r6, ror #8
    uxtab16 r5, r5, r7, ror #8
    ldr     r8, [sp, #20]
    strd    r4, r5, [r1], #8
    cmp     r0, r8
    bne     3b
#endif
    ldrd    r7, r3, [sp, #24]
    sub     r1, r1, r3
    subs    r7, r7, #1
    beq     4f
    ldr     r3, [sp, #40]
    ldr     r6, [sp, #12]
    add     r0, r0, r3
    b       2b
4:
    ldr     r3, [sp, #36]
    subs    r3, r3, #1
    str     r3, [sp, #36]
    bne     1b
    add     sp, sp, #48
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
