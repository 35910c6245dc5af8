/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_tall_weave_s8(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_tall_weave *weave): see
 * tk_tall_weave_s8.h. Four bytes of four rows: 36 instructions, 46 cycles.
 *
 * A halfword 256 * p + q + 128 is p's byte in its high half and q + 128, which is q with its sign bit turned, in its low one:
 * UXTAB16 adds the latter to the masked former, for bytes 0 and 2, then 1 and 3, and PKHBT and PKHTB make pairs of neighbours.
 *
 *   r0, r1, r3, r4 rows   r2, r12 where pairs go   r5 0xff00ff00   r6, r7 bytes of a row   r8 with sign bits turned
 *   r10, r11 even and odd ones   lr end of r0   stack: 0 2 * step */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro weave p, q, at
    eor     r8, \q, #0x80808080
    and     r10, r5, \p, lsl #8
    and     r11, r5, \p
    uxtab16 r10, r10, r8
    uxtab16 r11, r11, r8, ror #8
    pkhbt   \p, r10, r11, lsl #16
    pkhtb   r8, r11, r10, asr #16
    str     \p, [r2, #\at]
    str     r8, [r12, #\at]
.endm

    .section .text.tk_tall_weave_s8, "ax", %progbits
    .balign 4
    .global tk_tall_weave_s8
    .type tk_tall_weave_s8, %function
tk_tall_weave_s8:
    push    {r2-r8, r10, r11, lr}
    ldmia   r3, {r4, r6, r7}      /* apart, words, step */
    lsl     r8, r7, #1
    str     r8, [sp]
    add     r12, r2, r7
    add     r7, r4, r4, lsl #1
    ldr     r10, [r0, r4, lsl #2]
    ldr     r3, [r0, r4, lsl #3]
    ldr     r4, [r0, r7, lsl #2]
    ldr     r0, [r0]
    add     r3, r3, r1
    add     r4, r4, r1
    add     r0, r0, r1
    add     r1, r1, r10
    add     lr, r0, r6, lsl #2
    mov     r5, #0xff00ff00
1:
    ldr     r6, [r0], #4
    ldr     r7, [r1], #4
    weave   r6, r7, 0
    ldr     r6, [r3], #4
    weave   r7, r6, 4
    ldr     r7, [r4], #4
    weave   r6, r7, 8
    ldr     r6, [sp]
    cmp     r0, lr
    add     r2, r2, r6
    add     r12, r12, r6
    bne     1b
    pop     {r2-r8, r10, r11, pc}
    .size tk_tall_weave_s8, . - tk_tall_weave_s8
#endif
