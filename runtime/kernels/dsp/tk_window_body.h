/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_window_sums_s8 (TK_SUMS is 1) and tk_window_max_s8 (0), under the name TK_NAME: assembly, for the .S files of
 * these names. Contracts: tk_window_sums_s8.h, tk_window_max_s8.h. Internal.
 *
 * Four pixels of four channels a turn: 17 instructions, 20 cycles. SXTAB16 adds two of a word's bytes to halfwords; SSUB8 compares
 * bytes, of which SEL takes the greater. A last one to three pixels of a row: 7 cycles each.
 *
 *   r0 x of the four   r1 out   r2 window   r3 pixel   r4-r7 words   r8, r10 sums; r8 the greatest   r11 pixel in question
 *   r12 rows left   lr pixels left
 *   stack: 0 fours left   4 row */
#ifndef TK_WINDOW_BODY_H
#define TK_WINDOW_BODY_H

#include "tk_fours.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro take word
#if TK_SUMS
    sxtab16 r8, r8, \word
    sxtab16 r10, r10, \word, ror #8
#else
    ssub8   r10, \word, r8
    sel     r8, \word, r8
#endif
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #8
    ldrd    r4, r5, [r2, #12]     /* row, fours */
    strd    r5, r4, [sp]
    ldr     r3, [r2, #8]
1:
#if TK_SUMS
    mov     r8, #0
    mov     r10, #0
#else
    ldr     r8, [r0]
#endif
    ldr     r12, [r2]
    mov     r11, r0
2:
    ldr     lr, [r2, #4]
    mov     r7, r11
    subs    lr, lr, #4
    blt     4f
3:
    ldr     r4, [r11]
    ldr     r5, [r11, r3]
    ldr     r6, [r11, r3, lsl #1]
    add     r11, r11, r3, lsl #2
    take    r4
    take    r5
    sub     r4, r11, r3
    ldr     r4, [r4]
    take    r6
    take    r4
    subs    lr, lr, #4
    bge     3b
4:
    adds    lr, lr, #4
    beq     6f
5:
    ldr     r4, [r11]
    add     r11, r11, r3
    take    r4
    subs    lr, lr, #1
    bne     5b
6:
    ldr     r4, [sp, #4]
    add     r11, r7, r4
    subs    r12, r12, #1
    bne     2b
#if TK_SUMS
    strd    r8, r10, [r1], #8
#else
    str     r8, [r1], #4
#endif
    ldr     r4, [sp]
    add     r0, r0, #4
    subs    r4, r4, #1
    str     r4, [sp]
    bne     1b
    add     sp, sp, #8
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
