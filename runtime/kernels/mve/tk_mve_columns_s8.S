/* SPDX-License-Identifier: Apache-2.0 */
/* Input rows to a row of columns, for Helium. Contract: tk_mve_columns_s8.h.
 *
 * Columns of few bytes go several at once: a load and a scatter of bytes, 6 instructions per group and 13 per row. Wider ones
 * go 16 bytes at a time, column after column: 5 instructions (6 for the last, partial, 16 bytes), 8 per row and 16 bytes.
 *
 *   r0 pointers to rows   r1 y of the row   r2 columns   r3 bytes left of a column   r4 rows left   r5 bytes
 *   r6, r7 from column (or group) to column in x and y   r8 r10 r11 r12 running   q1 spread   q2 zero point
 */
#if defined(__ARM_FEATURE_MVE)
    .syntax unified
    .thumb

#define TKC_ROWS 0   /* struct tk_mve_columns */
#define TKC_APART 8
#define TKC_SPREAD 16
#define TKC_ZERO 20

.macro TKC_FILL at, bytes /* with the zero point; clobbers \at */
    wlstp.8 lr, \bytes, 2f
1:
    vstrb.8 q2, [\at], #16
    letp    lr, 1b
2:
.endm

    .section .text.tk_mve_columns_s8, "ax", %progbits
    .balign 4
    .global tk_mve_columns_s8
    .type tk_mve_columns_s8, %function
tk_mve_columns_s8:
    push    {r4-r8, r10, r11, lr}
    ldrd    r4, r5, [r3, #TKC_ROWS] /* and bytes */
    ldrd    r6, r7, [r3, #TKC_APART] /* and group */
    ldrd    r10, r11, [r3, #TKC_SPREAD] /* and zero point */
    ldrd    r8, r12, [r2] /* x and left */
    vdup.8  q2, r11
    mul     r11, r4, r5 /* bytes of a column in y */
    mul     r3, r12, r11
    mov     r12, r1
    TKC_FILL r12, r3
    add     r1, r1, r3
    ldrd    r2, r3, [r2, #8] /* columns and right */
    mla     r12, r2, r11, r1
    mul     r3, r3, r11
    TKC_FILL r12, r3
    cmp     r7, #0
    beq     .Lcolumns_wide
    vldrb.u8 q1, [r10]
    udiv    r10, r2, r7 /* whole groups */
    mls     r3, r10, r7, r2 /* and columns besides */
    mul     r6, r7, r5
    mul     r7, r7, r11
    mul     r3, r3, r5
    vctp.8  r3
    vmrs    r3, p0
    vctp.8  r6
    vmrs    r2, p0
.Lcolumns_group_row:
    ldr     r12, [r0], #4
    mov     r11, r1
    add     r12, r12, r8
    wls     lr, r10, 4f
3:
    vpstt
    vldrbt.u8 q0, [r12]
    vstrbt.8 q0, [r11, q1]
    add     r12, r12, r6
    add     r11, r11, r7
    le      lr, 3b
4:
    vmsr    p0, r3
    vpstt
    vldrbt.u8 q0, [r12]
    vstrbt.8 q0, [r11, q1]
    vmsr    p0, r2
    add     r1, r1, r5
    subs    r4, r4, #1
    bne     .Lcolumns_group_row
    pop     {r4-r8, r10, r11, pc}

.Lcolumns_wide:
    cmp     r2, #0
    beq     .Lcolumns_done
    mov     r7, r11
    push    {r8, lr} /* x; LR keeps the stack aligned */
.Lcolumns_wide_row:
    ldr     r12, [r0], #4
    ldr     r8, [sp]
    mov     r11, r1
    add     r12, r12, r8
    mov     r3, r5
.Lcolumns_wide_step:
    mov     r10, r12
    mov     r8, r11
    dls     lr, r2
    vctp.8  r3
    subs    r3, r3, #16
    blt     6f
5:
    vldrb.u8 q0, [r10]
    add     r10, r10, r6
    vstrb.8 q0, [r8]
    add     r8, r8, r7
    le      lr, 5b
    add     r12, r12, #16
    add     r11, r11, #16
    bne     .Lcolumns_wide_step
    b       7f
6:
    vpstt
    vldrbt.u8 q0, [r10]
    vstrbt.8 q0, [r8]
    add     r10, r10, r6
    add     r8, r8, r7
    le      lr, 6b
7:
    add     r1, r1, r5
    subs    r4, r4, #1
    bne     .Lcolumns_wide_row
    add     sp, sp, #8
.Lcolumns_done:
    pop     {r4-r8, r10, r11, pc}
    .size tk_mve_columns_s8, . - tk_mve_columns_s8
#endif
