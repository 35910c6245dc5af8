/* SPDX-License-Identifier: Apache-2.0 */
/* The units of an LSTM, for Helium: the body of tk_mve_lstm_cell_s8.S, and of tk_mve_lstm_cell_s16.S, which sets TKL_WIDE for results of
 * 16 bits. Contract: tk_mve_lstm_cell_s8.h.
 *
 * Four units at a time in lanes of 32 bits: about 150 instructions. A word of the table, gathered by the argument's upper bits, has
 * the function and its slope. For the sign s of an argument (0 or -1), -u is (u ^ s) - s: the -s is what rounds the other way
 * below zero.
 *
 *   r0, r1 input and recurrent, running   r2 cell   r3 y   r4 units left   r5 bytes from gate to gate   r6 table   r7 layer
 *   r8 r10 r11 r12 lr scalars   q0-q3 working   q4 input gate   q5 forget gate   q6 output gate   q7 last of the table
 */
#ifdef __ASSEMBLER__
    .syntax unified
    .thumb

#define TKL_UPDATE 8 /* struct tk_mve_lstm_cell; a multiplier and minus a shift */
#define TKL_FORGET 16
#define TKL_RANGE 24
#define TKL_TANH 32
#define TKL_OUTPUT 40
#define TKL_OFFSET 48

.macro TKL_ARGUMENT /* of the next gate, three times, to q0 */
    vldrh.s32 q0, [r0]
    vldrh.s32 q1, [r1]
    add     r0, r0, r5
    vadd.i32 q0, q0, q1
    add     r1, r1, r5
    vqmovnb.s32 q0, q0
    vmovlb.s16 q0, q0
    vmul.i32 q0, q0, r12
.endm
.macro TKL_CURVE bits /* q0 to the function, exclusive or with the sign */
    vabs.s32 q1, q0
    vshr.s32 q3, q0, #31
.if \bits == 8
    vmin.s32 q1, q1, q7
.endif
    vshr.u32 q2, q1, #\bits
    vldrw.u32 q0, [r6, q2, uxtw #2]
    vshl.i32 q2, q2, #\bits
    vsub.i32 q1, q1, q2
    vshr.s32 q2, q0, #16
    vmovlb.s16 q0, q0
    vmul.i32 q1, q1, q2
    vshl.i32 q0, q0, #\bits
    vadd.i32 q0, q0, q1
    veor    q0, q0, q3
.endm
.macro TKL_SIGMOID q
    TKL_ARGUMENT
    TKL_CURVE 9
    vrshr.s32 q0, q0, #10
    vadd.i32 \q, q0, lr
.endm
.macro TKL_TANGENT
    TKL_CURVE 8
    vrshr.s32 q0, q0, #8
.endm
.macro TKL_PRODUCT q, at /* q0 times q, requantized */
    ldrd    r11, r8, [r7, #\at]
    vmul.i32 q0, q0, \q
    vqrdmulh.s32 q0, q0, r11
    vshr.s32 q1, q0, #31
    vadd.i32 q0, q0, q1
    vrshl.s32 q0, r8
.endm

.macro TKL_FUNCTION name
    .section .text.\name, "ax", %progbits
    .balign 4
    .global \name
    .type \name, %function
\name:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8-d15}
    ldr     r7, [sp, #96]
    ldrd    r6, r4, [r7] /* and units */
    lsls    r5, r4, #1
    movw    r12, #255 << 8
    vdup.32 q7, r12
    movs    r12, #3
    movw    lr, #1 << 14
1:
    vctp.32 r4
    TKL_SIGMOID q4
    TKL_SIGMOID q5
    TKL_SIGMOID q6
    TKL_ARGUMENT
    TKL_TANGENT
    TKL_PRODUCT q4, TKL_UPDATE
    vqmovnb.s32 q0, q0
    vmovlb.s16 q4, q0
    vpst
    vldrht.s32 q0, [r2]
    TKL_PRODUCT q5, TKL_FORGET
    vqmovnb.s32 q0, q0
    ldrd    r10, r11, [r7, #TKL_RANGE]
    vmovlb.s16 q0, q0
    vdup.32 q1, r10
    vadd.i32 q0, q0, q4
    vdup.32 q2, r11
    vmax.s32 q0, q0, q1
    ldrd    r10, r11, [r7, #TKL_TANH]
    vmin.s32 q0, q0, q2
    vpst
    vstrht.32 q0, [r2], #8
    vmul.i32 q0, q0, r10
    vrshl.s32 q0, r11
    TKL_TANGENT
    TKL_PRODUCT q6, TKL_OUTPUT
    ldr     r10, [r7, #TKL_OFFSET]
    lsl     r8, r5, #2
    subs    r8, r8, #8
    sub     r0, r0, r8
    vadd.i32 q0, q0, r10
    sub     r1, r1, r8
    vqmovnb.s32 q0, q0
#if TKL_WIDE
    vpst
    vstrht.32 q0, [r3], #8
#else
    vqmovnb.s16 q0, q0
    vpst
    vstrbt.32 q0, [r3], #4
#endif
    subs    r4, r4, #4
    bgt     1b
    vpop    {d8-d15}
    pop     {r4-r8, r10, r11, pc}
    .size \name, . - \name
.endm
#endif
