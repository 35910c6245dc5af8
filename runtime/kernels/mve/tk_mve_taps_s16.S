/* SPDX-License-Identifier: Apache-2.0 */
/* Pixels of a depthwise convolution of int16 with any kernel, for Helium. Contract: tk_mve_taps_s16.h.
 *
 * Weights are widened as they are loaded; products and sums have 32 bits, even and odd channels apart. Sixteen channels at a time share
 * the pointer to a tap: 15 instructions for 16 products; eight of them, under a predicate, 10 for 8. Besides, 33 and 25, and 9 for a
 * pixel.
 *
 *   r0 pointers to taps   r1 y   r2 pixels left   r3 channels left   r4 input   r5 weight stream   r6 bytes to the channels
 *   r7 taps   r8 y, running   r10 bytes to the pixel   r11 layer   r12 pointers, running   lr taps left
 *   q0-q3 sums   q4 inputs   q5 weights   q6 q7 products; then multipliers, min, max   p0 channels
 */
#if defined(__ARM_FEATURE_MVE)
    .syntax unified
    .thumb

#define TKT_TAPS 4 /* struct tk_mve_pixels */
#define TKT_CHANNELS 8
#define TKT_STEP 12
#define TKT_MIN 16

.macro TKT_PRODUCTS a, b /* of q4 and q5 */
    vmullb.s16 q6, q4, q5
    vmullt.s16 q7, q4, q5
    vadd.i32 \a, \a, q6
    vadd.i32 \b, \b, q7
.endm

.macro TKT_CODES a, b /* two sums to codes in \a */
    vldrw.u32 q4, [r5], #16
    vrmulh.s32 \a, \a, q4
    vldrw.u32 q5, [r5], #16
    vrmulh.s32 \b, \b, q5
    vqmovnb.s32 \a, \a
    vqmovnt.s32 \a, \b
    vmax.s16 \a, \a, q6
    vmin.s16 \a, \a, q7
.endm

.macro TKT_CLAMP
    ldrd    r4, r12, [r11, #TKT_MIN] /* and max */
    vdup.16 q6, r4
    vdup.16 q7, r12
.endm

    .section .text.tk_mve_taps_s16, "ax", %progbits
    .balign 4
    .global tk_mve_taps_s16
    .type tk_mve_taps_s16, %function
tk_mve_taps_s16:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8-d15}
    mov     r11, r3
    ldr     r7, [r3, #TKT_TAPS]
    mov     r10, #0
1:
    ldr     r5, [r11]
    ldr     r3, [r11, #TKT_CHANNELS]
    mov     r6, r10
    mov     r8, r1
    subs    r3, r3, #16
    blt     4f
2:
    vldrw.u32 q0, [r5], #16
    vldrw.u32 q1, [r5], #16
    vldrw.u32 q2, [r5], #16
    vldrw.u32 q3, [r5], #16
    mov     r12, r0
    dls     lr, r7
3:
    ldr     r4, [r12], #4
    vldrb.s16 q5, [r5], #8
    add     r4, r4, r6
    vldrh.u16 q4, [r4]
    TKT_PRODUCTS q0, q1
    vldrb.s16 q5, [r5], #8
    vldrh.u16 q4, [r4, #16]
    TKT_PRODUCTS q2, q3
    le      lr, 3b
    TKT_CLAMP
    TKT_CODES q0, q1
    vstrh.16 q0, [r8], #16
    TKT_CODES q2, q3
    vstrh.16 q2, [r8], #16
    adds    r6, r6, #32
    subs    r3, r3, #16
    bge     2b
4:
    adds    r3, r3, #16
    beq     7f
5:
    vctp.16 r3
    vldrw.u32 q0, [r5], #16
    vldrw.u32 q1, [r5], #16
    mov     r12, r0
    dls     lr, r7
6:
    ldr     r4, [r12], #4
    vldrb.s16 q5, [r5], #8
    add     r4, r4, r6
    vpst
    vldrht.u16 q4, [r4]
    TKT_PRODUCTS q0, q1
    le      lr, 6b
    TKT_CLAMP
    TKT_CODES q0, q1
    adds    r6, r6, #16
    vpst
    vstrht.16 q0, [r8], #16
    subs    r3, r3, #8
    bgt     5b
7:
    ldrd    r3, r4, [r11, #TKT_CHANNELS] /* and step */
    add     r1, r1, r3, lsl #1
    add     r10, r10, r4, lsl #1
    subs    r2, r2, #1
    bne     1b
    vpop    {d8-d15}
    pop     {r4-r8, r10, r11, pc}
    .size tk_mve_taps_s16, . - tk_mve_taps_s16
#endif
