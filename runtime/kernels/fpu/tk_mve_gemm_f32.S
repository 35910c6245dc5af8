/* SPDX-License-Identifier: Apache-2.0 */
/* Windows times a matrix, for Helium with floats. Contract: tk_mve_gemm_f32.h.
 *
 * Three pixels and eight channels at a time, six vectors of sums: 12 instructions for 24 products. Where fewer pixels are left, the
 * last one stands for those that are missing, and is written again.
 *
 *   r0 x   r1 y   r2 pixels left   r3 layer   r4 r5 r6 x of three pixels, running   r7 weights, running   r8 r10 r11 inputs, scalars
 *   r12 channels left   lr loop   q0-q5 sums, two vectors a pixel   q6 q7 weights
 */
#if defined(__ARM_FEATURE_MVE) && __ARM_FEATURE_MVE >= 3
    .syntax unified
    .thumb

#define TKG_DEPTH 4 /* struct tk_gemm_f32; and step */
#define TKG_CHANNELS 12
#define TKG_PITCH 16
#define TKG_MIN 20 /* and max */

/* Frame. */
#define TKF_STEPS 0 /* bytes from the first pixel's x to the second's, and on to the third's; the same of y */
#define TKF_Y 16
#define TKF_FRAME 24

.macro TKG_LIMIT q
    vpt.f32 gt, q6, \q /* ordered: "lt" would take NaN */
    vorrt   \q, q6, q6
    vpt.f32 gt, \q, q7
    vorrt   \q, q7, q7
.endm

    .section .text.tk_mve_gemm_f32, "ax", %progbits
    .balign 4
    .global tk_mve_gemm_f32
    .type tk_mve_gemm_f32, %function
tk_mve_gemm_f32:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8-d15}
    sub     sp, sp, #TKF_FRAME
1:
    ldr     r4, [r3, #TKG_DEPTH + 4]
    ldr     r5, [r3, #TKG_PITCH]
    lsls    r4, r4, #2
    lsls    r5, r5, #2
    mov     r6, r4
    mov     r7, r5
    cmp     r2, #3
    itt     lt
    movlt   r6, #0
    movlt   r7, #0
    cmp     r2, #2
    itt     lt
    movlt   r4, #0
    movlt   r5, #0
    strd    r4, r6, [sp, #TKF_STEPS]
    strd    r5, r7, [sp, #TKF_STEPS + 8]
    str     r1, [sp, #TKF_Y]
    ldr     r7, [r3]
    ldr     r12, [r3, #TKG_CHANNELS]
2:
    ldrd    r8, r10, [sp, #TKF_STEPS]
    vmov.i32 q0, #0
    mov     r4, r0
    vmov.i32 q1, #0
    add     r5, r4, r8
    vmov.i32 q2, #0
    add     r6, r5, r10
    vmov.i32 q3, #0
    ldr     r8, [r3, #TKG_DEPTH]
    vmov.i32 q4, #0
    vmov.i32 q5, #0
    dls     lr, r8
3:
    vldrw.u32 q6, [r7], #16
    ldr     r8, [r4], #4
    vfma.f32 q0, q6, r8
    ldr     r10, [r5], #4
    vldrw.u32 q7, [r7], #16
    vfma.f32 q2, q6, r10
    ldr     r11, [r6], #4
    vfma.f32 q4, q6, r11
    vfma.f32 q1, q7, r8
    vfma.f32 q3, q7, r10
    vfma.f32 q5, q7, r11
    le      lr, 3b
    vldrw.u32 q6, [r7], #16
    vldrw.u32 q7, [r7], #16
    vadd.f32 q0, q0, q6
    vadd.f32 q1, q1, q7
    vadd.f32 q2, q2, q6
    vadd.f32 q3, q3, q7
    vadd.f32 q4, q4, q6
    vadd.f32 q5, q5, q7
    ldrd    r8, r10, [r3, #TKG_MIN] /* and max */
    vdup.32 q6, r8
    vdup.32 q7, r10
    TKG_LIMIT q0
    TKG_LIMIT q1
    TKG_LIMIT q2
    TKG_LIMIT q3
    TKG_LIMIT q4
    TKG_LIMIT q5
    ldr     r8, [sp, #TKF_Y]
    ldrd    r10, r11, [sp, #TKF_STEPS + 8]
    add     r10, r10, r8
    add     r11, r11, r10
    vctp.32 r12
    vpsttt
    vstrwt.32 q0, [r8], #16
    vstrwt.32 q2, [r10], #16
    vstrwt.32 q4, [r11], #16
    subs    r12, r12, #4
    ble     4f
    vctp.32 r12
    vpsttt
    vstrwt.32 q1, [r8], #16
    vstrwt.32 q3, [r10]
    vstrwt.32 q5, [r11]
    str     r8, [sp, #TKF_Y]
    subs    r12, r12, #4
    bgt     2b
4:
    ldrd    r8, r10, [r3, #TKG_CHANNELS] /* and pitch */
    ldr     r8, [r3, #TKG_DEPTH + 4]
    add     r8, r8, r8, lsl #1
    add     r10, r10, r10, lsl #1
    add     r0, r0, r8, lsl #2
    add     r1, r1, r10, lsl #2
    subs    r2, r2, #3
    bgt     1b
    add     sp, sp, #TKF_FRAME
    vpop    {d8-d15}
    pop     {r4-r8, r10, r11, pc}
    .size tk_mve_gemm_f32, . - tk_mve_gemm_f32
#endif
