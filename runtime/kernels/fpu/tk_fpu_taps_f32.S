/* SPDX-License-Identifier: Apache-2.0 */
/* A pixel of a depthwise convolution, for cores with a floating-point unit. Contract: tk_fpu_taps_f32.h.
 *
 * Eight channels at a time: 22 instructions for 8 products. The last ones, if fewer, go one by one.
 *
 *   r0 pointers to taps   r1 y   r2 layer   r3 weights, running   r4 channels left   r5 bytes before   r6 taps left   r7 pointers,
 *   running   r8 input   r10 min   r11 max   r12 weights of a single channel   s0-s7 sums   s8-s15 weights   s16-s23 products
 *   s24-s31 x
 */
#if defined(__ARM_FP) && defined(__thumb2__)
#include "tk_fpu_asm.h"

    .section .text.tk_fpu_taps_f32, "ax", %progbits
    .balign 4
    .global tk_fpu_taps_f32
    .type tk_fpu_taps_f32, %function
tk_fpu_taps_f32:
    push    {r4-r8, r10, r11, lr}
    vpush   {s16-s31}
    ldr     r3, [r2]
    ldr     r4, [r2, #8]
    ldrd    r10, r11, [r2, #12] /* min and max */
    movs    r5, #0
    subs    r4, r4, #8
    blt     3f
1:
    TKR_ZERO r6
    ldr     r6, [r2, #4]
    mov     r7, r0
2:
    ldr     r8, [r7], #4
    vldmia  r3!, {s8-s15}
    add     r8, r8, r5
    vldmia  r8, {s24-s31}
    TKR_EACH
    TKR_ADD
    subs    r6, r6, #1
    bne     2b
    TKR_FINISH r3, r10, r11
    vstmia  r1!, {s0-s7}
    adds    r5, r5, #32
    subs    r4, r4, #8
    bge     1b
3:
    adds    r4, r4, #8
    beq     6f
4:
    ldr     r6, [r2, #4]
    mov     r7, r0
    mov     r12, r3
    movs    r8, #0
    vmov    s0, r8
5:
    ldr     r8, [r7], #4
    vldr    s8, [r12]
    add     r8, r8, r5
    vldr    s24, [r8]
    add     r12, r12, #32
    vmul.f32 s16, s8, s24
    vadd.f32 s0, s0, s16
    subs    r6, r6, #1
    bne     5b
    vldr    s8, [r12]
    vmov    s9, r10
    vadd.f32 s0, s0, s8
    vmov    s10, r11
    vcmp.f32 s0, s9
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s0, s9
    vcmp.f32 s10, s0
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s0, s10
    vstmia  r1!, {s0}
    adds    r3, r3, #4
    adds    r5, r5, #4
    subs    r4, r4, #1
    bne     4b
6:
    vpop    {s16-s31}
    pop     {r4-r8, r10, r11, pc}
    .size tk_fpu_taps_f32, . - tk_fpu_taps_f32
#endif
