/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_products2_s16 and tk_sums2_s16: internal, for NAME.S, which defines TK_NAME, TK_SECTION and TK_CODES, 1 or 0.
 *
 * Two inputs of two pixels times two channels, 8 products: 9 instructions, 10 cycles. A round is eight inputs; of an odd number of
 * fours the first round is entered in the middle.
 *
 *   r0, r1 the two pixels   r2 weights   r3 results   r4, r5 sums of the first channel   r6, r7 of the second
 *   r8, r10 weights   r11, r12 inputs   lr rounds
 *   stack: 0 fours + 1   4 pairs left   8 bytes of a pixel   12 back   16 floor   20 pitch   24 unused */
#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro step
    ldr     r8, [r2], #4
    ldr     r11, [r0], #4
    ldr     r12, [r1], #4
    sxtb16  r10, r8
    smlad   r4, r10, r11, r4
    smlad   r5, r10, r12, r5
    sxtb16  r8, r8, ror #8
    smlad   r6, r8, r11, r6
    smlad   r7, r8, r12, r7
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #32
    ldmia   r3, {r4-r8, r10}      /* weights, fours, pairs, back, floor, pitch */
    mov     r3, r2
    mov     r2, r4
    lsl     r11, r5, #3
    add     r5, r5, #1
    lsl     r7, r7, #1
    lsl     r10, r10, #1
    mov     r12, r8
    strd    r5, r6, [sp]
    strd    r11, r7, [sp, #8]
    strd    r12, r10, [sp, #16]
1:
    ldr     lr, [sp]
    ldrd    r4, r6, [r2], #8
    lsrs    lr, lr, #1
    mov     r5, r4
    mov     r7, r6
    bcc     3f
2:
    step
    step
3:
    step
    step
    subs    lr, lr, #1
    bne     2b
#if TK_CODES
    ldrd    r8, r11, [r2], #8
    ldrd    r10, lr, [sp, #16]
    code    r4, r8, r10, r12
    code    r5, r8, r10, r12
    code    r6, r11, r10, r12
    code    r7, r11, r10, r12
    add     lr, lr, r3
    strh    r6, [r3, #2]
    strh    r4, [r3], #4
    strh    r5, [lr]
    strh    r7, [lr, #2]
#else
    stmia   r3!, {r4-r7}
#endif
    ldrd    r8, lr, [sp, #4]      /* pairs left, bytes of a pixel */
    sub     r0, r0, lr
    sub     r1, r1, lr
    subs    r8, r8, #1
    beq     4f
    str     r8, [sp, #4]
#if TK_CODES
    cmp     r8, #1
    bne     1b
    ldr     r8, [sp, #12]
    sub     r3, r3, r8
#endif
    b       1b
4:
    add     sp, sp, #32
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif
