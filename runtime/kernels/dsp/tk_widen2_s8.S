/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_widen2_s8(const int8_t *x1, const int8_t *x2, int32_t n, uint32_t *out, int32_t sums[2]): see tk_widen2_s8.h. Four inputs
 * of both: 13 instructions, 19 cycles. */
#include "tk_dsp.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb
    .section .text.tk_widen2_s8, "ax", %progbits
    .balign 4
    .global tk_widen2_s8
    .type tk_widen2_s8, %function
tk_widen2_s8:
    push    {r4-r8, r10, r11, lr}
    ldr     lr, [sp, #32]
    mov     r12, #0x00010001
    ldrd    r8, r10, [lr]
    add     r11, r0, r2
1:
    ldr     r6, [r0], #4
    ldr     r7, [r1], #4
    sxtb16  r4, r6
    sxtb16  r5, r7
    sxtb16  r6, r6, ror #8
    sxtb16  r7, r7, ror #8
    smlad   r8, r4, r12, r8
    smlad   r10, r5, r12, r10
    smlad   r8, r6, r12, r8
    smlad   r10, r7, r12, r10
    stmia   r3!, {r4-r7}
    cmp     r0, r11
    bne     1b
    strd    r8, r10, [lr]
    pop     {r4-r8, r10, r11, pc}
    .size tk_widen2_s8, . - tk_widen2_s8
#endif
