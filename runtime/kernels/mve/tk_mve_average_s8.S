/* SPDX-License-Identifier: Apache-2.0 */
/* The average of a window, for Helium. Contract: tk_mve_average_s8.h.
 *
 * Sums of 8 channels in 16 bits, 4 instructions per 8 inputs. The magnitude t = |sum| + n / 2 <= 2^15 + 2^7 is divided by n with
 * one rounding multiplication: t / n = (t * m + 2^15 >> 16) >> k, k = floor(log2(n)), m = min(2^(16 + k) / n, 2^16 - 1); exact for
 * every n <= 256 and every such t (tests/kernels/test_mve_kernels.py goes through them all).
 *
 *   r1 y   r2 x, with the channels before   r3 rows left   r4 x, running   r5 channels left   r6 n / 2   r7 -k
 *   r8 columns   r10 pixel   r11 rows   r12 pointers to rows   q0 sums   q1 inputs, results   q2 m   q3 min   q4 max   p0 channels
 */
#if defined(__ARM_FEATURE_MVE)
    .syntax unified
    .thumb

#define TKP_X 0 /* struct tk_mve_pool_window */
#define TKP_ROWS 4
#define TKP_CHANNELS 12
#define TKP_MIN 20

    .section .text.tk_mve_average_s8, "ax", %progbits
    .balign 4
    .global tk_mve_average_s8
    .type tk_mve_average_s8, %function
tk_mve_average_s8:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8, d9}
    ldrd    r11, r8, [r2, #TKP_ROWS] /* and columns */
    ldrd    r5, r10, [r2, #TKP_CHANNELS] /* and pixel */
    ldrd    r6, r7, [r2, #TKP_MIN] /* and max */
    ldr     r2, [r2, #TKP_X]
    vdup.16 q3, r6
    vdup.16 q4, r7
    mul     r6, r11, r8
    clz     r7, r6
    rsb     r12, r7, #47
    movs    r3, #1
    lsl     r3, r3, r12
    udiv    r3, r3, r6
    usat    r3, #16, r3
    vdup.16 q2, r3
    lsrs    r6, r6, #1
    subs    r7, r7, #31
1:
    mov     r12, r0
    mov     r3, r11
    vctp.16 r5
    vmov.i32 q0, #0
    cmp     r5, #8
    blt     4f
2:
    ldr     r4, [r12], #4
    dls     lr, r8
    add     r4, r4, r2
3:
    vldrb.s16 q1, [r4]
    add     r4, r4, r10
    vadd.i16 q0, q0, q1
    le      lr, 3b
    subs    r3, r3, #1
    bne     2b
    b       6f
4:
    ldr     r4, [r12], #4
    dls     lr, r8
    add     r4, r4, r2
5:
    vpstt
    vldrbt.s16 q1, [r4]
    vaddt.i16 q0, q0, q1
    add     r4, r4, r10
    le      lr, 5b
    subs    r3, r3, #1
    bne     4b
6:
    vabs.s16 q1, q0
    vadd.i16 q1, q1, r6
    vshr.s16 q0, q0, #15
    vrmulh.u16 q1, q1, q2
    adds    r2, #8
    vshl.u16 q1, r7
    veor    q1, q1, q0
    vsub.i16 q1, q1, q0
    vmax.s16 q1, q1, q3
    subs    r5, r5, #8
    vmin.s16 q1, q1, q4
    vpst
    vstrbt.16 q1, [r1], #8
    bgt     1b
    vpop    {d8, d9}
    pop     {r4-r8, r10, r11, pc}
    .size tk_mve_average_s8, . - tk_mve_average_s8
#endif
