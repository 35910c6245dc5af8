/* SPDX-License-Identifier: Apache-2.0 */
/* A pixel of a depthwise convolution with any kernel, for Helium. Contract: tk_mve_taps_s8.h.
 *
 * Eight channels at a time: inputs and weights widened to 16 bits as they are loaded, products and sums in 32 bits, even and odd
 * channels apart: 10 instructions for 8 products. The requantization rounds twice.
 *
 *   r0 pointers to taps   r1 y   r2 channels before   r3 channels left   r4 input   r5 weight stream   r6 taps   r7 offset
 *   r12 pointers, running   q0 q1 sums   q2-q5 operands, products   q6 min   q7 max   p0 channels
 */
#if defined(__ARM_FEATURE_MVE)
    .syntax unified
    .thumb

#define TKT_TAPS 4 /* struct tk_mve_taps */
#define TKT_OFFSET 12
#define TKT_MAX 20

.macro TKT_TWICE q
    vldrw.u32 q2, [r5], #16
    vldrw.u32 q3, [r5], #16
    vadd.i32 \q, \q, q2
    vqrdmulh.s32 \q, \q, q3
    vldrw.u32 q2, [r5], #16
    vshr.s32 q3, \q, #31
    vadd.i32 \q, \q, q3
    vrshl.s32 \q, \q, q2
.endm

    .section .text.tk_mve_taps_s8, "ax", %progbits
    .balign 4
    .global tk_mve_taps_s8
    .type tk_mve_taps_s8, %function
tk_mve_taps_s8:
    push    {r4-r7, r8, lr}
    vpush   {d8-d15}
    ldr     r5, [r2]
    ldrd    r7, r4, [r2, #TKT_OFFSET] /* and min */
    vdup.8  q6, r4
    ldr     r4, [r2, #TKT_MAX]
    vdup.8  q7, r4
    ldrd    r6, r3, [r2, #TKT_TAPS] /* and channels */
    movs    r2, #0
1:
    vctp.16 r3
    vmov.i32 q0, #0
    mov     r12, r0
    vmov.i32 q1, #0
    dls     lr, r6
2:
    ldr     r4, [r12], #4
    vldrb.s16 q3, [r5], #8
    add     r4, r4, r2
    vpst
    vldrbt.s16 q2, [r4]
    vmullb.s16 q4, q2, q3
    vmullt.s16 q5, q2, q3
    vadd.i32 q0, q0, q4
    vadd.i32 q1, q1, q5
    le      lr, 2b
    TKT_TWICE q0
    TKT_TWICE q1
    vqmovnb.s32 q0, q0
    vqmovnt.s32 q0, q1
    adds    r2, #8
    vqadd.s16 q0, q0, r7
    vqmovnb.s16 q0, q0
    vmax.s8 q0, q0, q6
    vmin.s8 q0, q0, q7
    subs    r3, r3, #8
    vpst
    vstrbt.16 q0, [r1], #8
    bgt     1b
    vpop    {d8-d15}
    pop     {r4-r7, r8, pc}
    .size tk_mve_taps_s8, . - tk_mve_taps_s8
#endif
