/* SPDX-License-Identifier: Apache-2.0 */
/* ADD as one linear form, for Helium. Contract: tk_mve_add_s8.h.
 *
 * Eight elements are widened, multiplied and added up in 32 bits, and narrowed by 13 and by 8 bits: 15 instructions for 8. Both
 * shifts round; what they add is taken off the offset beforehand. The last n % 8 elements go under a predicate.
 *
 *   r0 x1   r1 x2   r2 y   r4 multiplier2   r5 offset   q0 x1, wide x2   q1 x2   q2 q3 sums   q4 multiplier1
 */
#if defined(__ARM_FEATURE_MVE)
    .syntax unified
    .thumb

#define TKA_ROUNDING ((1 << 12) + (1 << 20))

.macro TKA_SUMS
    vmovlb.s16 q2, q0
    vmovlt.s16 q3, q0
    vmlas.s32 q2, q4, r5
    vmovlb.s16 q0, q1
    vmlas.s32 q3, q4, r5
    vmovlt.s16 q1, q1
    vmla.s32 q2, q0, r4
    vmla.s32 q3, q1, r4
    vqrshrnb.s32 q2, q2, #13
    vqrshrnt.s32 q2, q3, #13
    vqrshrnb.s16 q2, q2, #8
.endm

    .section .text.tk_mve_add_s8, "ax", %progbits
    .balign 4
    .global tk_mve_add_s8
    .type tk_mve_add_s8, %function
tk_mve_add_s8:
    push    {r4, r5, r6, lr}
    vpush   {d8, d9}
    ldr     r6, [sp, #32]
    ldrd    r5, r4, [r6]
    vdup.32 q4, r5
    ldr     r5, [r6, #8]
    sub     r5, r5, #TKA_ROUNDING & 0xff000
    sub     r5, r5, #TKA_ROUNDING & 0xf00000
    lsrs    r6, r3, #3
    wls     lr, r6, 2f
1:
    vldrb.s16 q0, [r0], #8
    vldrb.s16 q1, [r1], #8
    TKA_SUMS
    vstrb.16 q2, [r2], #8
    le      lr, 1b
2:
    ands    r3, r3, #7
    beq     3f
    vctp.16 r3
    vpstt
    vldrbt.s16 q0, [r0]
    vldrbt.s16 q1, [r1]
    TKA_SUMS
    vpst
    vstrbt.16 q2, [r2]
3:
    vpop    {d8, d9}
    pop     {r4, r5, r6, pc}
    .size tk_mve_add_s8, . - tk_mve_add_s8
#endif
