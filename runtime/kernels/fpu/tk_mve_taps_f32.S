/* SPDX-License-Identifier: Apache-2.0 */
/* A pixel of a depthwise convolution, for Helium with floats. Contract: tk_mve_taps_f32.h.
 *
 * Eight channels at a time: 11 instructions for 8 products.
 *
 *   r0 pointers to taps   r1 y   r2 layer   r3 weights, running   r4 channels left   r5 bytes before   r6 taps   r7 pointers, running
 *   r8 input   r10 channels beyond four   r11 p0 of these   r12 p0 of the first four   q0 q1 sums   q2-q5 x, weights
 */
#if defined(__ARM_FEATURE_MVE) && __ARM_FEATURE_MVE >= 3
    .syntax unified
    .thumb

.macro TKD_LIMIT q
    vpt.f32 gt, q2, \q /* ordered: "lt" would take NaN */
    vorrt   \q, q2, q2
    vpt.f32 gt, \q, q3
    vorrt   \q, q3, q3
.endm

    .section .text.tk_mve_taps_f32, "ax", %progbits
    .balign 4
    .global tk_mve_taps_f32
    .type tk_mve_taps_f32, %function
tk_mve_taps_f32:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8-d11}
    ldrd    r3, r6, [r2] /* weights and taps */
    ldr     r4, [r2, #8]
    movs    r5, #0
1:
    vctp.32 r4
    vmrs    r12, p0
    subs    r10, r4, #4
    it      lt
    movlt   r10, #0
    vctp.32 r10
    vmrs    r11, p0
    vmov.i32 q0, #0
    vmov.i32 q1, #0
    mov     r7, r0
    cmp     r10, #4
    dls     lr, r6
    blt     4f
2:
    ldr     r8, [r7], #4
    vldrw.u32 q4, [r3], #16
    add     r8, r8, r5
    vldrw.u32 q5, [r3], #16
    vldrw.u32 q2, [r8]
    vfma.f32 q0, q2, q4
    vldrw.u32 q3, [r8, #16]
    vfma.f32 q1, q3, q5
    le      lr, 2b
3:
    vldrw.u32 q4, [r3], #16
    ldrd    r7, r8, [r2, #12] /* min and max */
    vldrw.u32 q5, [r3], #16
    vadd.f32 q0, q0, q4
    vdup.32 q2, r7
    vadd.f32 q1, q1, q5
    vdup.32 q3, r8
    TKD_LIMIT q0
    TKD_LIMIT q1
    vmsr    p0, r12
    vpst
    vstrwt.32 q0, [r1], #16
    vmsr    p0, r11
    vpst
    vstrwt.32 q1, [r1], #16
    adds    r5, r5, #32
    subs    r4, r4, #8
    bgt     1b
    vpop    {d8-d11}
    pop     {r4-r8, r10, r11, pc}
4:
    ldr     r8, [r7], #4
    vldrw.u32 q4, [r3], #16
    add     r8, r8, r5
    vldrw.u32 q5, [r3], #16
    vmsr    p0, r12
    vpst
    vldrwt.u32 q2, [r8]
    vfma.f32 q0, q2, q4
    vmsr    p0, r11
    vpst
    vldrwt.u32 q3, [r8, #16]
    vfma.f32 q1, q3, q5
    le      lr, 4b
    b       3b
    .size tk_mve_taps_f32, . - tk_mve_taps_f32
#endif
