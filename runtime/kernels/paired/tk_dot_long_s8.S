/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_dot_long_s8(const int32_t *x, const int8_t *w, const int32_t *end, int64_t *sums) for Armv7-M: see its header.
 *
 * Four inputs of two pixels times four channels, 32 products: 37 instructions. SMLAL takes 4 to 7 cycles on a Cortex-M3.
 *
 *   r0 x   r1 w   r2 end   r3 a weight   r4-r11 sums   r12, lr inputs   stack: r3 (sums) */
#include "tk_dot_long_s8.h"

#if TK_LONG_ASM
    .syntax unified
    .thumb

.macro input x, offset
    ldrsb   r3, [r1, #(\offset)]
    smlal   r4, r5, r3, \x
    ldrsb   r3, [r1, #(\offset + 1)]
    smlal   r6, r7, r3, \x
    ldrsb   r3, [r1, #(\offset + 2)]
    smlal   r8, r9, r3, \x
    ldrsb   r3, [r1, #(\offset + 3)]
    smlal   r10, r11, r3, \x
.endm

    .section .text.tk_dot_long_s8, "ax", %progbits
    .balign 4
    .global tk_dot_long_s8
    .type tk_dot_long_s8, %function
    .thumb_func
tk_dot_long_s8:
    push    {r3-r11, lr}
    mov     r4, #0x400000
    movs    r5, #0
    mov     r6, r4
    mov     r7, r5
    mov     r8, r4
    mov     r9, r5
    mov     r10, r4
    mov     r11, r5
1:
    ldrd    r12, lr, [r0], #8
    input   r12, 0
    input   lr, 4
    ldrd    r12, lr, [r0], #8
    input   r12, 8
    input   lr, 12
    adds    r1, r1, #16
    cmp     r0, r2
    bne     1b
    ldr     r0, [sp]
    stmia   r0!, {r4-r11}
    pop     {r3-r11, pc}
    .size tk_dot_long_s8, . - tk_dot_long_s8
#endif
