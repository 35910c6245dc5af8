/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_widen4_s8(const int8_t *x, int32_t pitch, int32_t bytes, uint32_t *out): see tk_widen4_s8.h.
 *
 * Four inputs of four pixels a turn: 27 instructions, 33 cycles. A halfword 256 * p + q + 128 is p's byte in its high half and
 * q + 128, which is q with its sign bit turned, in its low one: UXTAB16 adds the latter to the masked former.
 *
 *   r0 x   r1 out   r2 0xff00ff00   r3-r8 pixels and results   r10, r11 pixels with sign bits turned   r12 pitch   lr 3 * pitch */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb
    .section .text.tk_widen4_s8, "ax", %progbits
    .balign 4
    .global tk_widen4_s8
    .type tk_widen4_s8, %function
tk_widen4_s8:
    push    {r2, r4-r8, r10, r11, r12, lr}
    add     r4, r0, r2            /* end of the first pixel's bytes */
    str     r4, [sp]
    mov     r12, r1
    mov     r1, r3
    mov     r2, #0xff00ff00
    add     lr, r12, r12, lsl #1
1:
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
    strd    r3, r8, [r1]
    and     r3, r2, r6, lsl #8
    and     r4, r2, r4
    uxtab16 r3, r3, r7
    and     r5, r2, r5
    and     r6, r2, r6
    uxtab16 r4, r4, r10, ror #8
    uxtab16 r5, r5, r11, ror #8
    uxtab16 r6, r6, r7, ror #8
    add     r1, r1, #8
    ldr     r7, [sp]
    stmia   r1!, {r3-r6}
    cmp     r0, r7
    bne     1b
    pop     {r2, r4-r8, r10, r11, r12, pc}
    .size tk_widen4_s8, . - tk_widen4_s8
#endif
