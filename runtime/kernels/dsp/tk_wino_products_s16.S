/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_wino_products_s16(const uint32_t *v, const uint32_t *u, uint32_t *m, int32_t fours): see tk_wino_products_s16.h.
 *
 * Two channels of four tiles times two, 16 products: 14 instructions, 18 cycles. The first such step begins the sums; a run of 8 is
 * entered in the middle for the next 2 * fours - 1 modulo 8. An element besides: 22 instructions, 30 cycles.
 *
 *   r0 v   r1 u   r3, r12 weights   lr inputs   r4-r7 sums of the first channel   r8, r10, r11, r2 of the second
 *   stack: 0 m   4 end of m   8 end of v's element   12 bytes of that   16 entry */
#include "tk_wino.h"

#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro step
    ldr     r3, [r1], #4
    ldr     r12, [r1], #4
    ldr     lr, [r0], #4
    smlad   r4, r3, lr, r4
    smlad   r8, r12, lr, r8
    ldr     lr, [r0], #4
    smlad   r5, r3, lr, r5
    smlad   r10, r12, lr, r10
    ldr     lr, [r0], #4
    smlad   r6, r3, lr, r6
    smlad   r11, r12, lr, r11
    ldr     lr, [r0], #4
    smlad   r7, r3, lr, r7
    smlad   r2, r12, lr, r2
.endm
.set step_bytes, 56

    .section .text.tk_wino_products_s16, "ax", %progbits
    .balign 4
    .global tk_wino_products_s16
    .type tk_wino_products_s16, %function
tk_wino_products_s16:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #24
    add     r4, r2, #144
    strd    r2, r4, [sp]
    lsl     r5, r3, #5
    strd    r0, r5, [sp, #8]
    lsl     r3, r3, #1
    sub     r3, r3, #1
    and     r3, r3, #7            /* steps of the first run */
    mov     r4, #step_bytes
    mul     r3, r3, r4
    adr     r4, 3f
    sub     r4, r4, r3
    orr     r4, r4, #1
    str     r4, [sp, #16]
1:
    ldrd    r4, r5, [sp, #8]
    ldr     r3, [r1], #4
    ldr     r12, [r1], #4
    ldr     lr, [r0], #4
    add     r4, r4, r5
    str     r4, [sp, #8]
    smuad   r4, r3, lr
    smuad   r8, r12, lr
    ldr     lr, [r0], #4
    smuad   r5, r3, lr
    smuad   r10, r12, lr
    ldr     lr, [r0], #4
    smuad   r6, r3, lr
    smuad   r11, r12, lr
    ldr     lr, [r0], #4
    smuad   r7, r3, lr
    smuad   r2, r12, lr
    ldr     pc, [sp, #16]
    .balign 4
2:
.rept 8
    step
.endr
3:
    ldr     r3, [sp, #8]
    cmp     r0, r3
    bne     2b
    ldrd    r3, r12, [sp]
    str     r5, [r3, #144]
    str     r6, [r3, #288]
    str     r7, [r3, #432]
    str     r8, [r3, #576]
    str     r10, [r3, #720]
    str     r11, [r3, #864]
    str     r2, [r3, #1008]
    str     r4, [r3], #4
    str     r3, [sp]
    cmp     r3, r12
    bne     1b
    add     sp, sp, #24
    pop     {r4-r8, r10, r11, pc}
    .size tk_wino_products_s16, . - tk_wino_products_s16
#endif
