/* SPDX-License-Identifier: Apache-2.0 */
/* The code of tk_depthwise3_s1_s8 and tk_depthwise3_s2_s8, TK_STRIDE being 1 or 2, and of tk_depthwise3_fine_*, TK_SHIFT being
 * another, under the name TK_NAME: assembly, for the .S files of these names. Contract: tk_depthwise3_s1_s8.h; the arithmetic: tk_depthwise3.h. Internal.
 *
 * Stride 1: two lines at a time, two results of each, twice a turn: 49 instructions, 63 cycles for four; a last line alone takes 38
 * cycles for two. Stride 2: two results next to each other: 35 instructions, 40 cycles.
 *
 *   r0 plane   r2-r7 weights   r8, r1 (stride 2: lr, too) words of the plane   r10, r11 sums   r12, lr sums of the second line,
 *   or y and (stride 1) the bytes from a result to the next
 *   stack: 0 start   4 multiplier   8 addend   12 pixel   16 y   20 line   24 pixel + line   28 end of whole tiles   32 columns
 *          36 plane's line   40 y's line   44 lines left   48 planes   52 y   56 weights   60 shape   64 channels left */
#ifndef TK_DEPTHWISE3_BODY_H
#define TK_DEPTHWISE3_BODY_H

#include "tk_depthwise3.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb
.set pitch, 4 * TK_FOUR_LINES

.macro taps wa, wb, y0, y1, from0, from1
    smlad   \y0, r8, \wa, \from0
    smlatb  \y1, r8, \wa, \from1
    smlabt  \y0, r1, \wb, \y0
    smlad   \y1, r1, \wb, \y1
.endm

.macro code v
    ssat    \v, #8, \v, asr #TK_SHIFT
.endm

.macro two_lines                  /* sums r10, r11 of a line and r12, lr of the next */
    ldr     lr, [sp]
    ldr     r8, [r0], #4
    ldr     r1, [r0]
    taps    r2, r3, r10, r11, lr, lr
    ldrd    r8, r1, [r0, #(pitch - 4)]
    taps    r2, r3, r12, lr, lr, lr
    taps    r4, r5, r10, r11, r10, r11
    ldrd    r8, r1, [r0, #(2 * pitch - 4)]
    taps    r4, r5, r12, lr, r12, lr
    taps    r6, r7, r10, r11, r10, r11
    ldrd    r8, r1, [r0, #(3 * pitch - 4)]
    taps    r6, r7, r12, lr, r12, lr
    ldrd    r8, r1, [sp, #4]
    smmla   r10, r10, r8, r1
    smmla   r11, r11, r8, r1
    smmla   r12, r12, r8, r1
    smmla   lr, lr, r8, r1
    ldrd    r8, r1, [sp, #12]
    code    r10
    code    r11
    code    r12
    code    lr
.endm

.macro one_line
    ldr     r11, [sp]
    ldr     r8, [r0], #4
    ldr     r1, [r0]
    taps    r2, r3, r10, r11, r11, r11
    ldrd    r8, r1, [r0, #(pitch - 4)]
    taps    r4, r5, r10, r11, r10, r11
    ldrd    r8, r1, [r0, #(2 * pitch - 4)]
    taps    r6, r7, r10, r11, r10, r11
    ldrd    r8, r1, [sp, #4]
    smmla   r10, r10, r8, r1
    smmla   r11, r11, r8, r1
    code    r10
    code    r11
.endm

.macro apart wa, wb, from0, from1 /* results two columns apart */
    smlad   r10, r8, \wa, \from0
    smlad   r11, r1, \wa, \from1
    smlabt  r10, r1, \wb, r10
    smlabt  r11, lr, \wb, r11
.endm

.macro words line
    ldr     r8, [r0, #(\line * pitch - 8)]
    ldr     r1, [r0, #(\line * pitch - 4)]
    ldr     lr, [r0, #(\line * pitch)]
.endm

.macro by_two
    ldr     r11, [sp]
    ldr     r8, [r0], #8
    ldr     r1, [r0, #-4]
    ldr     lr, [r0]
    apart   r2, r3, r11, r11
    words   1
    apart   r4, r5, r10, r11
    words   2
    apart   r6, r7, r10, r11
    ldr     r8, [sp, #4]
    ldr     r1, [sp, #8]
    ldr     lr, [sp, #12]
    smmla   r10, r10, r8, r1
    smmla   r11, r11, r8, r1
    code    r10
    code    r11
.endm

.macro store                      /* r8 pixel, r1 y */
    strb    r10, [r1]
    strb    r11, [r1, r8]
    ldrd    r10, r11, [sp, #20]
    strb    r12, [r1, r10]
    strb    lr, [r1, r11]
    add     r1, r1, r8, lsl #1
    str     r1, [sp, #16]
.endm

    .section TK_SECTION, "ax", %progbits
    .balign 4
    .global TK_NAME
    .type TK_NAME, %function
TK_NAME:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #72
    ldmia   r3, {r4-r7}           /* columns, lines, pixel, line */
    strd    r6, r1, [sp, #12]
    add     r6, r6, r7
    strd    r7, r6, [sp, #20]
    str     r4, [sp, #32]
    strd    r0, r1, [sp, #48]
    strd    r2, r3, [sp, #56]
    mov     r4, #4
    str     r4, [sp, #64]
1:
    ldrd    r0, r1, [sp, #48]
    ldrd    r12, r8, [sp, #56]
    ldr     r10, [r8, #4]
    strd    r0, r1, [sp, #36]
    str     r10, [sp, #44]
    ldmia   r12!, {r2-r7}
    ldmia   r12!, {r8, r10, r11}
    strd    r8, r10, [sp]
    str     r11, [sp, #8]
    add     r0, r0, #(4 * TK_LINE)
    add     r1, r1, #1
    strd    r0, r1, [sp, #48]
    str     r12, [sp, #56]
#if TK_STRIDE == 1
2:
    ldrd    r0, r12, [sp, #36]
    ldr     r8, [sp, #32]
    ldr     r10, [sp, #44]
    bic     r11, r8, #1
    add     r11, r0, r11, lsl #1
    str     r11, [sp, #28]
    cmp     r10, #1
    beq     6f
    str     r12, [sp, #16]
    cmp     r0, r11
    beq     4f
    tst     r8, #2
    beq     3f                    /* tiles of two columns, two at a turn: an odd one first */
    two_lines
    store
    ldr     r11, [sp, #28]
    cmp     r0, r11
    beq     4f
3:
    two_lines
    store
    two_lines
    store
    ldr     r11, [sp, #28]
    cmp     r0, r11
    bne     3b
4:
    ldr     r8, [sp, #32]
    lsls    r8, r8, #31
    beq     5f
    two_lines
    ldr     r11, [sp, #20]
    strb    r10, [r1]
    strb    r12, [r1, r11]
5:
    ldrd    r0, r12, [sp, #36]
    ldr     r8, [sp, #20]
    ldr     r10, [sp, #44]
    add     r0, r0, #(2 * pitch)
    add     r12, r12, r8, lsl #1
    strd    r0, r12, [sp, #36]
    subs    r10, r10, #2
    str     r10, [sp, #44]
    bne     2b
    b       9f
6:
    ldr     lr, [sp, #12]
    cmp     r0, r11
    beq     8f
7:
    one_line
    ldr     r8, [sp, #28]
    strb    r10, [r12]
    strb    r11, [r12, lr]
    add     r12, r12, lr, lsl #1
    cmp     r0, r8
    bne     7b
8:
    ldr     r8, [sp, #32]
    lsls    r8, r8, #31
    beq     9f
    one_line
    strb    r10, [r12]
#else
2:
    ldrd    r0, r12, [sp, #36]
    ldr     r8, [sp, #32]
    lsr     r8, r8, #1
    tst     r8, #1
    beq     3f                    /* pairs of results, two at a turn: an odd one first */
    by_two
    strb    r10, [r12]
    strb    r11, [r12, lr]
    add     r12, r12, lr, lsl #1
    ldr     r8, [sp, #32]
    lsr     r8, r8, #1
3:
    lsrs    r8, r8, #1
    beq     5f
    add     r8, r0, r8, lsl #4
    str     r8, [sp, #28]
4:
    by_two
    strb    r10, [r12]
    strb    r11, [r12, lr]
    add     r12, r12, lr, lsl #1
    by_two
    ldr     r8, [sp, #28]
    strb    r10, [r12]
    strb    r11, [r12, lr]
    add     r12, r12, lr, lsl #1
    cmp     r0, r8
    bne     4b
5:
    ldr     r8, [sp, #32]
    lsls    r8, r8, #31
    beq     6f
    by_two
    strb    r10, [r12]
6:
    ldrd    r0, r12, [sp, #36]
    ldr     r8, [sp, #20]
    ldr     r10, [sp, #44]
    add     r0, r0, #(2 * pitch)
    add     r12, r12, r8
    strd    r0, r12, [sp, #36]
    subs    r10, r10, #1
    str     r10, [sp, #44]
    bne     2b
#endif
9:
    ldr     r10, [sp, #64]
    subs    r10, r10, #1
    str     r10, [sp, #64]
    bne     1b
    add     sp, sp, #72
    pop     {r4-r8, r10, r11, pc}
    .size TK_NAME, . - TK_NAME
#endif

#endif
