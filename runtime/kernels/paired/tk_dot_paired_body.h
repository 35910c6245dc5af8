/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_dot_paired2_s8 and tk_dot_paired4_s8 for Armv6-M: TK_NAME in groups of TK_GROUP inputs. Contracts: their
 * headers. Internal.
 *
 * Weights are bytes without a sign since LDRB has an immediate offset there, LDRSB has not; the group's first word takes the 128
 * back. A group of 2: 28 instructions for 8 products, of 4: 45 for 16; every 8 inputs 3 more.
 *
 *   r0 x   r1 w   r2-r5 inputs   r6 a group's sum   r7 a product   r8, r9, r10, r11 sums   r12 end
 *   stack: the callers' r8-r11, then r3 (sums) */
#ifndef TK_DOT_PAIRED_BODY_H
#define TK_DOT_PAIRED_BODY_H

#include "tk_dot_paired.h"

#if defined(__ASSEMBLER__) && TK_PAIRED_ASM
    .syntax unified
    .thumb

.macro product input, offset
    ldrb    r7, [r1, #(\offset)]
    muls    r7, \input, r7
    adds    r6, r6, r7
.endm

.macro channel offset
    product r2, \offset
    product r3, \offset + 1
#if TK_GROUP == 4
    product r4, \offset + 2
    product r5, \offset + 3
#endif
.endm

.macro group offset
#if TK_GROUP == 4
    ldmia   r0!, {r2-r5}
#else
    ldmia   r0!, {r2, r3}
#endif
    ldr     r6, [r0]
    channel \offset
    add     r8, r8, r6
    asrs    r6, r6, #16
    add     r9, r9, r6
    ldmia   r0!, {r6}
    channel \offset + TK_GROUP
    add     r10, r10, r6
    asrs    r6, r6, #16
    add     r11, r11, r6
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
    .thumb_func
TK_NAME:
    push    {r3-r7, lr}
    mov     r4, r8
    mov     r5, r9
    mov     r6, r10
    mov     r7, r11
    push    {r4-r7}
    mov     r12, r2
    movs    r2, #0
    mov     r8, r2
    mov     r9, r2
    mov     r10, r2
    mov     r11, r2
1:
    group   0
#if TK_GROUP == 2
    group   4
    group   8
    group   12
#else
    group   8
#endif
    adds    r1, r1, #16
    cmp     r0, r12
    bne     1b
    ldr     r0, [sp, #16]
    mov     r4, r8
    mov     r5, r9
    mov     r6, r10
    mov     r7, r11
    stmia   r0!, {r4-r7}
    pop     {r4-r7}
    mov     r8, r4
    mov     r9, r5
    mov     r10, r6
    mov     r11, r7
    pop     {r3-r7, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
