/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of SVDF, for Helium: the body of tk_mve_svdf_time_s8.S and tk_mve_svdf_time_s16.S, which set TKV_BYTES, the size of an
 * element of the state. Contract: tk_mve_svdf_time_s8.h.
 *
 * The whole state moves by an element (3 instructions for 16 bytes; each vector is loaded before what it covers is written),
 * a scatter of eight puts the newest results in (5 for 8), then a sum of products for each unit: 11 + 4 for 16 bytes. Four sums are
 * requantized at once.
 *
 *   r0 newest, a sum   r1 state   r2 y   r3 layer   r4 units left   r5 bytes of a unit   r6 r7 r8 r12 working   r10 weights
 *   r11 bias   q0-q2 working   p0 units of a group
 */
#ifdef __ASSEMBLER__
    .syntax unified
    .thumb

/* struct tk_mve_svdf_time */
#define TKV_WEIGHTS 0 /* and bias */
#define TKV_UNITS 8   /* and length */
#define TKV_FILTERS 16 /* and memory */
#define TKV_MULTIPLIER 24 /* and minus the shift */
#define TKV_OFFSET 32 /* and the state's */

#if TKV_BYTES == 2
#define TKV_LOG 1
#define TKV_DOT vmladava.s16
#else
#define TKV_LOG 0
#define TKV_DOT vmladava.s8
#endif

.macro TKV_FUNCTION name
    .section .text.\name, "ax", %progbits
    .balign 4
    .global \name
    .type \name, %function
\name:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #16
    ldrd    r4, r5, [r3, #TKV_UNITS] /* and length */
    ldrd    r6, r7, [r3, #TKV_FILTERS] /* and memory */
    lsls    r5, r5, #TKV_LOG
    mul     r8, r4, r5
    subs    r8, r8, #TKV_BYTES
    mov     r10, r1
    add     r11, r1, #TKV_BYTES
    wlstp.8 lr, r8, 2f
1:
    vldrb.u8 q0, [r11], #16
    vstrb.8 q0, [r10], #16
    letp    lr, 1b
2:
    movs    r8, #0
    vidup.u16 q1, r8, #1
    vmul.i16 q1, q1, r7
    subs    r8, r7, #1
    add     r8, r1, r8, lsl #TKV_LOG
    lsls    r7, r7, #3 + TKV_LOG
    ldr     r12, [r3, #TKV_OFFSET + 4]
    dlstp.16 lr, r6
3:
#if TKV_BYTES == 2
    vldrh.u16 q0, [r0], #16
    vadd.i16 q0, q0, r12
    vstrh.16 q0, [r8, q1, uxtw #1]
#else
    vldrb.s16 q0, [r0], #8
    vadd.i16 q0, q0, r12
    vstrb.16 q0, [r8, q1]
#endif
    add     r8, r8, r7
    letp    lr, 3b
    ldrd    r10, r11, [r3, #TKV_WEIGHTS] /* and bias */
4:
    cmp     r4, #4
    ite     lt
    movlt   r6, r4
    movge   r6, #4
    mov     r8, sp
5:
    movs    r0, #0
    mov     r12, r1
    mov     r7, r10
    add     r1, r1, r5
    add     r10, r10, r5
    dlstp.8 lr, r5
6:
    vldrb.u8 q0, [r12], #16
    vldrb.u8 q1, [r7], #16
    TKV_DOT r0, q0, q1
    letp    lr, 6b
    str     r0, [r8], #4
    subs    r6, r6, #1
    bne     5b
    vctp.32 r4
    vldrw.u32 q0, [sp]
    vpst
    vldrwt.u32 q1, [r11], #16
    ldrd    r6, r7, [r3, #TKV_MULTIPLIER] /* and minus the shift */
    vadd.i32 q0, q0, q1
    vqrdmulh.s32 q0, q0, r6
    vdup.32 q2, r7
    vshr.s32 q1, q0, #31
    ldr     r6, [r3, #TKV_OFFSET]
    vmax.s32 q1, q1, q2 /* without a shift there is no second rounding */
    vadd.i32 q0, q0, q1
    vrshl.s32 q0, r7
    vadd.i32 q0, q0, r6
    vqmovnb.s32 q0, q0
    vqmovnb.s16 q0, q0
    vpst
    vstrbt.32 q0, [r2], #4
    subs    r4, r4, #4
    bgt     4b
    add     sp, sp, #16
    pop     {r4-r8, r10, r11, pc}
    .size \name, . - \name
.endm
#endif
