/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_weave2_s8(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_weave *weave): see tk_weave2_s8.h.
 * Four bytes of two windows a turn: 17 instructions, 24 cycles; a row of the windows takes 24 cycles more. How halfwords are made:
 * tk_conv4_body.h.
 *
 *   r0 x   r1 out   r2 0xff00ff00   r3-r8, r10 pixels and results   r12 pitch
 *   stack: 0 rows   4 first   8 bytes of row_step   12 bytes of a segment   16 segments   20 end of the segment   24 segments left
 *          28 bytes that a half word takes back   36 rows left   40 next - bytes of a segment */
#include "tk_weave.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb
    .section .text.tk_weave2_s8, "ax", %progbits
    .balign 4
    .global tk_weave2_s8
    .type tk_weave2_s8, %function
tk_weave2_s8:
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
    lsl     r10, r10, #3
    str     r10, [sp, #28]
    mov     r2, #0xff00ff00
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
    .size tk_weave2_s8, . - tk_weave2_s8
#endif
