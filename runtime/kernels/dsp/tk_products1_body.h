/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_products1_s16 and tk_sums1_s16: internal, for NAME.S, which defines TK_NAME, TK_SECTION and TK_CODES, 1 or 0.
 *
 * Four inputs of a pixel times two channels, 8 products: 12 instructions, 13 cycles. A round is eight inputs; of an odd number of
 * fours the first round is entered in the middle.
 *
 *   r0 pixel   r1 weights   r2 results   r3 bytes of a pixel   r4, r5 sums   r6 fours + 1   r7 rounds
 *   r8, r10, lr weights   r11, r12 inputs
 *   stack: 0 pairs left   4 back   8 floor   12 unused */
#if TK_DSP_ASM
    .syntax unified
    .thumb

.macro step
    ldr     r8, [r1], #4
    ldr     r10, [r1], #4
    ldr     r11, [r0], #4
    ldr     r12, [r0], #4
    sxtb16  lr, r8
    smlad   r4, lr, r11, r4
    sxtb16  r8, r8, ror #8
    smlad   r5, r8, r11, r5
    sxtb16  lr, r10
    smlad   r4, lr, r12, r4
    sxtb16  r10, r10, ror #8
    smlad   r5, r10, r12, r5
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #16
    ldmia   r2, {r4-r8}           /* weights, fours, pairs, back, floor */
    mov     r2, r1
    mov     r1, r4
    lsl     r3, r5, #3
    mov     r10, r6
    add     r6, r5, #1
    lsl     r7, r7, #1
    strd    r10, r7, [sp]
    str     r8, [sp, #8]
1:
    ldrd    r4, r5, [r1], #8
    lsrs    r7, r6, #1
    bcc     3f
2:
    step
3:
    step
    subs    r7, r7, #1
    bne     2b
    sub     r0, r0, r3
#if TK_CODES
    ldrd    r8, r10, [r1], #8
    ldr     r11, [sp, #8]
    code    r4, r8, r11, r12
    code    r5, r10, r11, r12
    strh    r5, [r2, #2]
    strh    r4, [r2], #4
#else
    stmia   r2!, {r4, r5}
#endif
    ldr     r8, [sp]
    subs    r8, r8, #1
    beq     4f
    str     r8, [sp]
#if TK_CODES
    cmp     r8, #1
    bne     1b
    ldr     r8, [sp, #4]
    sub     r2, r2, r8
#endif
    b       1b
4:
    add     sp, sp, #16
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif
