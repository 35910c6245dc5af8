/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_columns3_s1_s8 and the like (TK_ROWS 3 or 2, TK_STRIDE 1 or 2) under the name TK_NAME: assembly, for the .S files of
 * these names. Contracts: their headers; the arithmetic: tk_columns.h. Internal.
 *
 * A column of three rows at stride 1 with its result: 16 instructions, 21 cycles; two columns with theirs at stride 2: 21 and 27
 * (of two rows 12 and 16, 16 and 21). A channel beside that: 32 instructions, 56 cycles. A run of six results (four at
 * stride 2) is entered in the middle, with the sums in the registers that they have there.
 *
 *   r0 x   r1 pitch   r2, r3 inputs of a column: two rows, the third   r4-r6 weights of the first two rows   r7, r8 of the third
 *   r10, r11 sums, and r12 at stride 1 (at 2: where they start)   lr from x to y, or y
 *   stack: 0 multiplier   4 addend   8 start   12 weights   16 end of weights   20 zero point   24 entry   28 behind the run
 *          32 to the next channel's x   36 runs   40 runs left   44 behind the last run   48 prologue   52 above
 *          56 to the next channel's y */
#ifndef TK_COLUMNS_BODY_H
#define TK_COLUMNS_BODY_H

#include "tk_columns.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro column                     /* r2, r3 */
    ldrsb.w r2, [r0]
    ldrsb.w r3, [r0, r1]
    pkhbt   r2, r2, r3, lsl #16
#if TK_ROWS == 3
    ldrsb.w r3, [r0, r1, lsl #1]
#endif
.endm

.macro first v, start, low=r3     /* v = start + the products of the first taps; low: the third row */
    smlad   \v, r2, r4, \start
#if TK_ROWS == 3
    smlabb  \v, \low, r7, \v
#endif
.endm

.macro second v
    smlad   \v, r2, r5, \v
#if TK_ROWS == 3
    smlabt  \v, r3, r7, \v
#endif
.endm

.macro third v, low=r3
    smlad   \v, r2, r6, \v
#if TK_ROWS == 3
    smlabt  \v, \low, r8, \v
#endif
.endm

.macro result v
    ldrd    r2, r3, [sp]
    smmla   \v, \v, r2, r3
    ssat    \v, #8, \v, asr #TK_COLUMNS_SHIFT
#if TK_STRIDE == 1
    strb.w  \v, [r0, lr]
#else
    strb.w  \v, [lr]
    uxtah   lr, lr, r8
#endif
.endm

#if TK_STRIDE == 1
.macro step v, next, new
    column
    third   \v
    second  \next
    ldr.w   \new, [sp, #8]
    first   \new, \new
    result  \v
    uxtah   r0, r0, r8
.endm
#if TK_ROWS == 3
.set step_bytes, 64
#else
.set step_bytes, 48
#endif
.set steps, 6
#else
.macro step v, next
    column
    second  \v
    uxtah   r0, r0, r8
    column
    third   \v
    first   \next, r12
    result  \v
    uxtah   r0, r0, r8
.endm
#if TK_ROWS == 3
.set step_bytes, 84
#else
.set step_bytes, 64
#endif
.set steps, 4
#endif

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #64
    mov     r3, r1
    ldmia   r2!, {r4-r8, r10}     /* weights, channels, pitch, out_w, left, right */
    ldmia   r2, {r11, r12}        /* zero_point, above */
    str     r4, [sp, #12]
    add     r4, r4, r5, lsl #5
    strd    r4, r11, [sp, #16]
    str     r12, [sp, #52]
    mov     r1, r6
    sub     r12, r7, r10          /* results of the run */
    mov     r6, #steps
    udiv    r11, r12, r6
    strd    r11, r11, [sp, #36]
    mls     r6, r11, r6, r12      /* the first of them */
    adr     r2, tail
    adr     r4, done
    cmp     r10, #0
    it      eq
    moveq   r2, r4
    orr     r2, r2, #1
    str     r2, [sp, #44]
    adr     r4, again
    cmp     r11, #0
    it      ne
    orrne   r2, r4, #1
    str     r2, [sp, #28]
    mov     r4, #step_bytes
    mul     r4, r4, r6
    adr     r2, behind
    sub     r2, r2, r4
    orr     r2, r2, #1
    str     r2, [sp, #24]
    adr     r2, prologues         /* by the place of the first in the run, and whether there is padding */
#if TK_STRIDE == 1
    mov     r4, #3
    udiv    r4, r6, r4
    sub     r4, r4, r4, lsl #2
    add     r6, r6, r4            /* modulo 3 */
    orr     r6, r8, r6, lsl #1
    ldrb    r2, [r2, r6]
    adr     r4, padded
    add     r4, r4, r2, lsl #1
    orr     r4, r4, #1
    str     r4, [sp, #48]
    add     r2, r12, #2           /* columns from the first to the end of the run */
    sub     r2, r2, r8
    mul     r2, r2, r5
    rsb     r2, r2, #1
    str     r2, [sp, #32]
    sub     lr, r3, r0
    rsb     r8, r8, #2
    mls     lr, r8, r5, lr
#else
    and     r6, r6, #1
    orr     r6, r8, r6, lsl #1
    ldrb    r2, [r2, r6]
    adr     r4, padded
    add     r4, r4, r2, lsl #1
    orr     r4, r4, #1
    str     r4, [sp, #48]
    lsl     r2, r12, #1           /* columns to the end of the run, and one of a result behind it */
    add     r2, r2, r10
    add     r2, r2, #1
    sub     r2, r2, r8
    mul     r2, r2, r5
    rsb     r2, r2, #1
    str     r2, [sp, #32]
    mul     r2, r7, r5
    rsb     r2, r2, #1
    str     r2, [sp, #56]
    mov     lr, r3
#endif
    ldr     r10, [sp, #12]
channel:
    ldmia   r10!, {r2-r8, r12}
    stmia   sp, {r2, r3, r12}
    str     r10, [sp, #12]
#if TK_ROWS == 2
    ldr     r2, [sp, #52]
    ldr     r3, [sp, #20]
    cbz     r2, 9f
    smlabb  r12, r3, r4, r12
    smlabb  r12, r3, r5, r12
    smlabb  r12, r3, r6, r12
    lsr     r4, r4, #16
    pkhbt   r4, r4, r7, lsl #16
    pkhtb   r5, r7, r5, asr #16
    pkhtb   r6, r8, r6, asr #16
    str     r12, [sp, #8]
    ldr     pc, [sp, #48]
9:  smlabb  r12, r3, r7, r12
    smlabt  r12, r3, r7, r12
    smlabt  r12, r3, r8, r12
    str     r12, [sp, #8]
#endif
    ldr     pc, [sp, #48]
#if TK_STRIDE == 1
prologues:                        /* halfwords from `padded`: for 0, 2, 1 results before whole threes, without and with padding */
    .byte   (whole0 - padded) / 2, 0, (whole2 - padded) / 2, (padded2 - padded) / 2, (whole1 - padded) / 2, (padded1 - padded) / 2
    .balign 4
padded:
    ldr     r2, [sp, #20]
    first   r10, r12, r2
    b       1f
whole0:
    column
    uxtah   r0, r0, r8
    first   r10, r12
1:  column
    second  r10
    first   r11, r12
    uxtah   r0, r0, r8
    ldr     pc, [sp, #24]
padded1:
    ldr     r2, [sp, #20]
    first   r11, r12, r2
    b       1f
whole1:
    column
    uxtah   r0, r0, r8
    first   r11, r12
1:  column
    second  r11
    first   r12, r12
    uxtah   r0, r0, r8
    ldr     pc, [sp, #24]
padded2:
    ldr     r2, [sp, #20]
    mov     r10, r12
    first   r12, r12, r2
    b       1f
whole2:
    column
    uxtah   r0, r0, r8
    mov     r10, r12
    first   r12, r12
1:  column
    second  r12
    first   r10, r10
    uxtah   r0, r0, r8
    ldr     pc, [sp, #24]
    .balign 4
run:
.rept 2
    step    r10, r11, r12
    step    r11, r12, r10
    step    r12, r10, r11
.endr
#else
prologues:                        /* halfwords from `padded`: for an even and an odd number of results, without and with padding */
    .byte   (whole0 - padded) / 2, 0, (whole1 - padded) / 2, (padded1 - padded) / 2
    .balign 4
padded:
    ldr     r2, [sp, #20]
    first   r10, r12, r2
    ldr     pc, [sp, #24]
whole0:
    column
    uxtah   r0, r0, r8
    first   r10, r12
    ldr     pc, [sp, #24]
padded1:
    ldr     r2, [sp, #20]
    first   r11, r12, r2
    ldr     pc, [sp, #24]
whole1:
    column
    uxtah   r0, r0, r8
    first   r11, r12
    ldr     pc, [sp, #24]
    .balign 4
run:
.rept 2
    step    r10, r11
    step    r11, r10
.endr
#endif
    .balign 4
behind:
    ldr     pc, [sp, #28]
    .balign 4
again:
    ldr     r2, [sp, #40]         /* runs left */
    subs    r2, r2, #1
    str     r2, [sp, #40]
    bpl     run
    ldr     r2, [sp, #36]
    str     r2, [sp, #40]
    ldr     pc, [sp, #44]
    .balign 4
tail:                             /* a result whose last column is padding */
#if TK_STRIDE == 2
    column
    second  r10
    uxtah   r0, r0, r8
#endif
    ldr     r2, [sp, #20]
    third   r10, r2
    result  r10
    .balign 4
done:
    ldr     r2, [sp, #32]
    ldrd    r10, r11, [sp, #12]
    add     r0, r0, r2
#if TK_STRIDE == 2
    ldr     r2, [sp, #56]
    add     lr, lr, r2
#endif
    cmp     r10, r11
    bne     channel
    add     sp, sp, #64
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
