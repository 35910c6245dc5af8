/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise convolutions over lines, for Helium. Contract: tk_mve_lines_s8.h.
 *
 * A vector of 16 inputs of a line is four outputs: four VMLADAV with the taps moved by 0, 1, 2 and 3 strides, which are unaligned loads
 * of the same field. A kernel of one piece keeps them in registers: 35 instructions for 8 outputs, 4 more with a clamp. Otherwise
 * every piece takes 24 more.
 *
 * The second rounding moves halves of negative numbers away from zero by the sign of the sum: VQRDMLAH adds it to the product's
 * high half. (Where a negative sum has the high half 0, -1 is rounded to 0 as well.)
 *
 *   r0 r2 r4 r6 r8 r10 r12 lr sums, scalars   r1 x, running   r3 y, running; pieces   r5 outputs left; stride   r7 4 * stride
 *   r11 constants of the channel; fields   q0 inputs   q1-q4 taps   q5 q6 results   q7 where eight outputs go
 */
#if defined(__ARM_FEATURE_MVE)
    .syntax unified
    .thumb

#define TKN_STREAM 4 /* struct tk_mve_lines; and field */
#define TKN_PIECES 12 /* and stride */
#define TKN_PLANE 20 /* and multiplier */
#define TKN_WIDTH 28 /* and pixel */
#define TKN_OFFSET 36
#define TKN_MIN 40 /* and max */

/* Frame. */
#define TKF_OFFSET 0  /* and 8 * pixel */
#define TKF_X 8       /* of the channel; and y */
#define TKF_LEFT 16   /* output channels of the plane; and planes */
#define TKF_FIELD 24  /* less 3 * stride; and pieces */
#define TKF_BASE 32   /* x of eight outputs, and y (pieces) */
#define TKF_REST 40   /* outputs left (pieces); and constants of the channel */
#define TKF_LOW 48    /* 16 bytes of min, 16 of max */
#define TKF_STREAM 80 /* bytes of a channel; and stride */
#define TKF_PLANE 88  /* and multiplier */
#define TKF_WIDTH 96  /* outputs; and where a channel is computed */
#define TKF_FRAME 104

.macro TKN_TAPS at /* of a field, stride r5 */
    vldrb.u8 q4, [\at]
    add     \at, \at, r5
    vldrb.u8 q3, [\at]
    add     \at, \at, r5
    vldrb.u8 q2, [\at]
    add     \at, \at, r5
    vldrb.u8 q1, [\at]
.endm
.macro TKN_SUMS by, a
    vldrb.u8 q0, [r1]
    vmladav\a\().s8 r0, q0, q1
    vmladav\a\().s8 r2, q0, q2
    add     r1, r1, \by
    vmladav\a\().s8 r4, q0, q3
    vmladav\a\().s8 r6, q0, q4
    vldrb.u8 q0, [r1]
    vmladav\a\().s8 r8, q0, q1
    vmladav\a\().s8 r10, q0, q2
    add     r1, r1, \by
    vmladav\a\().s8 r12, q0, q3
    vmladav\a\().s8 lr, q0, q4
.endm
.macro TKN_REQUANTIZE clamp /* to the even bytes of q0 */
    vmov    q5[2], q5[0], r0, r8
    vmov    q5[3], q5[1], r4, r12
    vmov    q6[2], q6[0], r2, r10
    vmov    q6[3], q6[1], r6, lr
    ldrd    r0, r2, [r11] /* b and m */
    ldr     r4, [r11, #8]
    vadd.i32 q5, q5, r0
    ldrd    r6, r8, [sp, #TKF_OFFSET]
    vadd.i32 q6, q6, r0
    vshr.s32 q0, q5, #31
    vqrdmlah.s32 q0, q5, r2
    vshr.s32 q5, q6, #31
    vrshl.s32 q0, r4
    vqrdmlah.s32 q5, q6, r2
    vqmovnb.s32 q0, q0
    vrshl.s32 q5, r4
    vqmovnt.s32 q0, q5
    vqadd.s16 q0, q0, r6
    vqmovnb.s16 q0, q0
.if \clamp
    add     r0, sp, #TKF_LOW
    vldrw.u32 q5, [r0]
    vldrw.u32 q6, [r0, #16]
    vmax.s8 q0, q0, q5
    vmin.s8 q0, q0, q6
.endif
.endm
.macro TKN_STORE again /* and again, if eight or more outputs were left */
    subs    r5, r5, #8
    blt     8f
    vstrb.16 q0, [r3, q7]
    add     r3, r3, r8
    bne     \again
    b       .Llines_next
8:
    adds    r5, r5, #8
    vctp.16 r5
    vpst
    vstrbt.16 q0, [r3, q7]
    b       .Llines_next
.endm

    .section .text.tk_mve_lines_s8, "ax", %progbits
    .balign 4
    .global tk_mve_lines_s8
    .type tk_mve_lines_s8, %function
tk_mve_lines_s8:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8-d15}
    sub     sp, sp, #TKF_FRAME
    ldr     r8, [sp, #TKF_FRAME + 64 + 32] /* count */
    ldrd    r4, r5, [r2, #TKN_PLANE] /* and multiplier */
    strd    r4, r5, [sp, #TKF_PLANE]
    mul     r3, r3, r5 /* output channels before */
    strd    r5, r8, [sp, #TKF_LEFT]
    add     r1, r1, r3
    strd    r0, r1, [sp, #TKF_X]
    ldr     r11, [r2]
    ldrd    r6, r7, [r2, #TKN_STREAM] /* and field */
    mla     r11, r3, r6, r11
    ldrd    r10, r5, [r2, #TKN_PIECES] /* and stride */
    strd    r6, r5, [sp, #TKF_STREAM]
    sub     r7, r7, r5, lsl #1
    subs    r7, r7, r5
    strd    r7, r10, [sp, #TKF_FIELD]
    ldrd    r6, r8, [r2, #TKN_WIDTH] /* and pixel */
    str     r6, [sp, #TKF_WIDTH]
    movs    r0, #0
    vidup.u16 q7, r0, #1
    vmul.i16 q7, q7, r8
    lsls    r8, r8, #3
    ldr     r6, [r2, #TKN_OFFSET]
    strd    r6, r8, [sp, #TKF_OFFSET]
    ldrd    r6, r8, [r2, #TKN_MIN] /* and max */
    vdup.8  q0, r6
    vdup.8  q1, r8
    add     r0, sp, #TKF_LOW
    vstrw.32 q0, [r0]
    vstrw.32 q1, [r0, #16]
    adr.w   r0, .Llines_pieces + 1
    ldr     r10, [r10]
    cmp     r10, #0x80000000
    bne     1f
    adr.w   r0, .Llines_whole + 1
    adds    r6, r6, #128
    bne     1f
    cmp     r8, #127
    bne     1f
    adr.w   r0, .Llines_open + 1
1:
    str     r0, [sp, #TKF_WIDTH + 4]
    ldr     r1, [sp, #TKF_X]
    ldr     r3, [sp, #TKF_X + 4]
    bx      r0

/* A channel: r1 x, r3 y, r5 stride, r11 constants. */
.macro TKN_ONE_PIECE
    add     r0, r11, #12
    TKN_TAPS r0
    lsls    r7, r5, #2
    ldr     r5, [sp, #TKF_WIDTH]
.endm
.Llines_open:
    TKN_ONE_PIECE
.Llines_plain:
    TKN_SUMS r7
    TKN_REQUANTIZE 0
    TKN_STORE .Llines_plain
.Llines_whole:
    TKN_ONE_PIECE
.Llines_clamped:
    TKN_SUMS r7
    TKN_REQUANTIZE 1
    TKN_STORE .Llines_clamped

.Llines_pieces:
    ldr     r7, [sp, #TKF_WIDTH]
.Llines_eight: /* r1 x, r3 y, r5 stride, r7 outputs left */
    strd    r1, r3, [sp, #TKF_BASE]
    strd    r7, r11, [sp, #TKF_REST]
    ldr     r3, [sp, #TKF_FIELD + 4]
    add     r11, r11, #12
    TKN_TAPS r11
    lsls    r7, r5, #2
    TKN_SUMS r7
.Llines_piece:
    ldr     r7, [r3], #4
    cmp     r7, #0x80000000
    beq     7f
    add     r1, r1, r7
    ldr     r7, [sp, #TKF_FIELD]
    add     r11, r11, r7
    TKN_TAPS r11
    lsls    r7, r5, #2
    TKN_SUMS r7, a
    b       .Llines_piece
7:
    ldrd    r7, r11, [sp, #TKF_REST]
    TKN_REQUANTIZE 1
    ldrd    r1, r3, [sp, #TKF_BASE]
    add     r1, r1, r5, lsl #3
    subs    r7, r7, #8
    blt     9f
    vstrb.16 q0, [r3, q7]
    add     r3, r3, r8
    bne     .Llines_eight
    b       .Llines_next
9:
    adds    r7, r7, #8
    vctp.16 r7
    vpst
    vstrbt.16 q0, [r3, q7]
.Llines_next:
    ldrd    r1, r3, [sp, #TKF_X]
    ldrd    r4, r6, [sp, #TKF_LEFT]
    ldrd    r7, r5, [sp, #TKF_STREAM] /* and stride */
    adds    r3, r3, #1
    add     r11, r11, r7
    subs    r4, r4, #1
    bne     6f
    ldrd    r7, r4, [sp, #TKF_PLANE] /* and multiplier */
    add     r1, r1, r7
    subs    r6, r6, #1
    beq     .Llines_done
6:
    strd    r1, r3, [sp, #TKF_X]
    strd    r4, r6, [sp, #TKF_LEFT]
    ldr     pc, [sp, #TKF_WIDTH + 4]
.Llines_done:
    add     sp, sp, #TKF_FRAME
    vpop    {d8-d15}
    pop     {r4-r8, r10, r11, pc}
    .size tk_mve_lines_s8, . - tk_mve_lines_s8
#endif
