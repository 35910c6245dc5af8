/* SPDX-License-Identifier: Apache-2.0 */
/* Channels as lines, for Helium. Contract: tk_mve_planes_s8.h.
 *
 * Eight channels of a column are loaded and scattered, 5 instructions; two columns at a time, 4 and a half.
 *
 *   r0 pointers to rows   r1 line   r2 rows left   r3 channel   r4 columns   r5 x, running   r6 line, running   r7 bytes of a pixel
 *   r8 left   r10 right   r11 odd column   r12 pairs   q0 q4 columns   q1 q3 planes, by this column and the next   q2 zero point
 */
#if defined(__ARM_FEATURE_MVE)
    .syntax unified
    .thumb

.macro TKP_FILL count
    wls     lr, \count, 2f
1:
    vstrb.16 q2, [r6, q1]
    adds    r6, r6, #1
    le      lr, 1b
2:
.endm

    .section .text.tk_mve_planes_s8, "ax", %progbits
    .balign 4
    .global tk_mve_planes_s8
    .type tk_mve_planes_s8, %function
tk_mve_planes_s8:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8, d9}
    ldr     r5, [sp, #48] /* count */
    ldrd    r8, r10, [r2, #20] /* plane and zero point */
    vdup.16 q2, r10
    movs    r6, #0
    vidup.u16 q1, r6, #1
    vmul.i16 q1, q1, r8
    movs    r6, #1
    vadd.i16 q3, q1, r6
    vctp.16 r5
    cmp     r5, #8
    ldrd    r8, r10, [r2, #12] /* left and right */
    ldr     r7, [r2, #8]
    ldrd    r2, r4, [r2] /* rows and columns */
    blt     .Lplanes_few
    lsrs    r12, r4, #1
    and     r11, r4, #1
.Lplanes_row:
    ldr     r5, [r0], #4
    mov     r6, r1
    add     r5, r5, r3
    TKP_FILL r8
    wls     lr, r12, 4f
3:
    vldrb.u16 q0, [r5]
    add     r5, r5, r7
    vldrb.u16 q4, [r5]
    vstrb.16 q0, [r6, q1]
    add     r5, r5, r7
    vstrb.16 q4, [r6, q3]
    adds    r6, r6, #2
    le      lr, 3b
4:
    cmp     r11, #0
    beq     5f
    vldrb.u16 q0, [r5]
    vstrb.16 q0, [r6, q1]
    adds    r6, r6, #1
5:
    TKP_FILL r10
    mov     r1, r6
    subs    r2, r2, #1
    bne     .Lplanes_row
    b       .Lplanes_done
.Lplanes_few:
    ldr     r5, [r0], #4
    mov     r6, r1
    add     r5, r5, r3
    TKP_FILL r8
    wls     lr, r4, 7f
6:
    vpstt
    vldrbt.u16 q0, [r5]
    vstrbt.16 q0, [r6, q1]
    add     r5, r5, r7
    adds    r6, r6, #1
    le      lr, 6b
7:
    TKP_FILL r10
    mov     r1, r6
    subs    r2, r2, #1
    bne     .Lplanes_few
.Lplanes_done:
    vpop    {d8, d9}
    pop     {r4-r8, r10, r11, pc}
    .size tk_mve_planes_s8, . - tk_mve_planes_s8
#endif
