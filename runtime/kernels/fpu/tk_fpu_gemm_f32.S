/* SPDX-License-Identifier: Apache-2.0 */
/* Windows times a matrix, for cores with a floating-point unit. Contract: tk_fpu_gemm_f32.h.
 *
 * Eight channels of a pixel at a time; one VLDM has their eight weights. 37 instructions for 16 products, multiplied and added
 * separately: that is faster than VFMA, which takes 3 cycles, and rounds as the plain C does.
 *
 *   r0 x   r1 y   r2 pixels left   r3 weights, running   r4 layer   r5 depth   r6 bytes from pixel to pixel   r7 channels left
 *   r8 y, running   r10 x, running   r11 min   r12 rounds   lr max   s0-s7 sums   s8-s15 weights   s16-s23 products   s24 s25 x
 */
#if defined(__ARM_FP) && defined(__thumb2__)
#include "tk_fpu_asm.h"

    .section .text.tk_fpu_gemm_f32, "ax", %progbits
    .balign 4
    .global tk_fpu_gemm_f32
    .type tk_fpu_gemm_f32, %function
tk_fpu_gemm_f32:
    push    {r4-r8, r10, r11, lr}
    vpush   {s16-s25}
    mov     r4, r3
    ldrd    r5, r6, [r4, #4] /* depth and step */
    lsls    r6, r6, #2
    ldrd    r11, lr, [r4, #20] /* min and max */
1:
    ldr     r3, [r4]
    ldr     r7, [r4, #12]
    mov     r8, r1
2:
    mov     r10, r0
    TKR_ZERO r12
    lsrs    r12, r5, #1
    beq     4f
3:
    vldmia  r3!, {s8-s15}
    vldmia  r10!, {s24, s25}
    TKR_BY s24
    TKR_ADD
    vldmia  r3!, {s8-s15}
    TKR_BY s25
    TKR_ADD
    subs    r12, r12, #1
    bne     3b
4:
    tst     r5, #1
    beq     5f
    vldmia  r3!, {s8-s15}
    vldmia  r10!, {s24}
    TKR_BY s24
    TKR_ADD
5:
    TKR_FINISH r3, r11, lr
    subs    r7, r7, #8
    blt     6f
    vstmia  r8!, {s0-s7}
    bgt     2b
    b       7f
6:
    adds    r7, r7, #8
    TKR_STORE_REST r8, r7
7:
    ldr     r12, [r4, #16]
    add     r0, r0, r6
    add     r1, r1, r12, lsl #2
    subs    r2, r2, #1
    bne     1b
    vpop    {s16-s25}
    pop     {r4-r8, r10, r11, pc}
    .size tk_fpu_gemm_f32, . - tk_fpu_gemm_f32
#endif
