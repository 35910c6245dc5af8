/* SPDX-License-Identifier: Apache-2.0 */
/* A row of int8 or int16 inputs times a matrix of int8 weights, for Helium: the body of tk_mve_dense_s8.S, tk_mve_dense_signed_s8.S and
 * tk_mve_dense_signed_s16.S, which set TKF_SIGNED, and TKF_WIDE for results of 16 bits, and of tk_mve_dense_s16.S, which sets
 * TKF_INPUTS_S16 for inputs and results of 16 bits. Contract and layout of the stream: tk_mve_dense_s8.h, tk_mve_dense_s16.h.
 *
 * Eight sums in the even core registers are eight channels; 16 inputs are loaded once for all of them. Every weight is loaded
 * once: 17 instructions for 128 products, of which 16 are the least. The first step takes the last 1 to 16 inputs, under a
 * predicate; the chain is then entered where the rest of them needs it, after a loop if there are more than 8 steps. 17 s + 24
 * (folded), 17 s + 41 (signed) or 17 s + 40 (wide) instructions per octet, s steps. Of int16, a step is 8 inputs, weights are widened as
 * they are loaded: 17 s + 29.
 *
 *   r0 r2 r4 r6 r8 r10 r12 lr sums   r1 weight stream   r3 x, running   r5 x   r7 y   r11 loop count
 *   q0 inputs   q1 q2 weights, constants   q7 unit in lanes 1 and 3 (folded)   p0 the inputs of the first step
 */
#ifdef __ASSEMBLER__
    .syntax unified
    .thumb

#define TKF_STEP_BYTES 68
#define TKF_CHAIN 8
#define TKF_LOOP 4

/* struct tk_mve_gemm */
#define TKF_WEIGHTS 0
#define TKF_DEPTH 4
#define TKF_CHANNELS 12
#define TKF_SHIFT 20
#define TKF_OFFSET 28
#define TKF_MIN 32

/* Frame. */
#define TKF_ENTRY 0  /* where the chain, or the loop, is entered */
#define TKF_REST 4   /* where the chain is entered after the loop */
#define TKF_LOOPS 8  /* rounds of the loop */
#define TKF_TAIL 12  /* bytes from x to its tail */
#define TKF_VALUE 16 /* -shift (folded), offset (signed) */
#define TKF_END 20   /* of the stream */
#define TKF_LAST 24  /* p0 for the last octet's store */
#define TKF_LOW 32   /* 16 bytes of min, 16 of max (signed) */
#define TKF_FRAME 64

#if TKF_INPUTS_S16
#define TKF_SHORT 1 /* the logarithm of the bytes of an input */
.macro TKF_INPUTS t, x:vararg
    vldrh\t\().u16 q0, \x
.endm
.macro TKF_SUM a, sum, w
    vldrb.s16 \w, [r1], #8
    vmladav\a\().s16 \sum, q0, \w
.endm
#else
#define TKF_SHORT 0
.macro TKF_INPUTS t, x:vararg
    vldrb\t\().u8 q0, \x
.endm
.macro TKF_SUM a, sum, w
    vldrw.u32 \w, [r1], #16
    vmladav\a\().s8 \sum, q0, \w
.endm
#endif

.macro TKF_PRODUCTS a
    TKF_SUM \a, r0, q1
    TKF_SUM \a, r2, q2
    TKF_SUM \a, r4, q1
    TKF_SUM \a, r6, q2
    TKF_SUM \a, r8, q1
    TKF_SUM \a, r10, q2
    TKF_SUM \a, r12, q1
    TKF_SUM \a, lr, q2
.endm
.macro TKF_STEP
    TKF_INPUTS , [r3], #16
    TKF_PRODUCTS a
.endm

#if TKF_INPUTS_S16
.macro TKF_TILE q /* the high word of a product, rounded */
    vldrw.u32 q2, [r1], #16
    vadd.i32 \q, \q, q2
    vldrw.u32 q2, [r1], #16
    vrmulh.s32 \q, \q, q2
.endm
#elif TKF_SIGNED
.macro TKF_TILE q /* rounded twice, halves away from zero */
    vldrw.u32 q2, [r1], #16
    vadd.i32 \q, \q, q2
#if TKF_WIDE
    vldrw.u32 q2, [r1], #16
    vshl.s32 \q, \q, q2
#endif
    vldrw.u32 q2, [r1], #16
    vqrdmulh.s32 \q, \q, q2
    vldrw.u32 q2, [r1], #16
    vshr.s32 q3, \q, #31
#if TKF_WIDE
    vmax.s32 q3, q3, q2 /* without a shift there is no second rounding */
#endif
    vadd.i32 \q, \q, q3
    vrshl.s32 \q, \q, q2
.endm
#endif

#if TKF_SIGNED || TKF_INPUTS_S16
.macro TKF_REQUANTIZE /* the sums to the even bytes of q0, in order */
    vmov    q0[2], q0[0], r0, r8
    vmov    q0[3], q0[1], r4, r12
    vmov    q1[2], q1[0], r2, r10
    vmov    q1[3], q1[1], r6, lr
    ldrd    r0, r2, [sp, #TKF_VALUE] /* and end */
    TKF_TILE q0
    TKF_TILE q1
    vqmovnb.s32 q0, q0
    vqmovnt.s32 q0, q1
#if !TKF_WIDE
    add     r4, sp, #TKF_LOW
    vldrw.u32 q2, [r4]
    vldrw.u32 q3, [r4, #16]
#endif
#if TKF_INPUTS_S16
    vmax.s16 q0, q0, q2
    vmin.s16 q0, q0, q3
#elif !TKF_WIDE
    vqadd.s16 q0, q0, r0
    vqmovnb.s16 q0, q0
    vmax.s8 q0, q0, q2
    vmin.s8 q0, q0, q3
#endif
.endm
#else
.macro TKF_REQUANTIZE /* the same */
    vmov    q7[2], q7[0], r0, r8
    vldrw.u32 q1, [r1], #16
    vqrdmladh.s32 q0, q7, q1
    vmov    q7[2], q7[0], r4, r12
    vldrw.u32 q1, [r1], #16
    vqrdmladhx.s32 q0, q7, q1
    vmov    q7[2], q7[0], r2, r10
    vldrw.u32 q1, [r1], #16
    vqrdmladh.s32 q2, q7, q1
    vmov    q7[2], q7[0], r6, lr
    vldrw.u32 q1, [r1], #16
    vqrdmladhx.s32 q2, q7, q1
    ldrd    r0, r2, [sp, #TKF_VALUE] /* and end */
    vqmovnb.s32 q0, q0
    vqmovnt.s32 q0, q2
    vqrshl.s16 q0, r0
    vqmovnb.s16 q0, q0
.endm
#endif

.macro TKF_STORE t
#if TKF_WIDE || TKF_INPUTS_S16
    vstrh\t\().16 q0, [r7], #16
#else
    vstrb\t\().16 q0, [r7], #8
#endif
.endm

.macro TKF_FUNCTION name
    .section .text.\name, "ax", %progbits
    .balign 4
    .global \name
    .type \name, %function
\name:
    push    {r4-r8, r10, r11, lr}
    vpush   {d14, d15}
    sub     sp, sp, #TKF_FRAME
    mov     r7, r1
    mov     r5, r0
    ldrd    r1, r4, [r2, #TKF_WEIGHTS] /* and depth */
    ldr     r6, [r2, #TKF_CHANNELS]
#if TKF_WIDE
#elif TKF_SIGNED || TKF_INPUTS_S16
    ldrd    r10, r12, [r2, #TKF_MIN] /* and max */
#if TKF_INPUTS_S16
    vdup.16 q0, r10
    vdup.16 q1, r12
#else
    vdup.8  q0, r10
    vdup.8  q1, r12
#endif
    add     r10, sp, #TKF_LOW
    vstrw.32 q0, [r10]
    vstrw.32 q1, [r10, #16]
    ldr     r10, [r2, #TKF_OFFSET]
#else
    ldrd    r10, r12, [r2, #TKF_SHIFT] /* and unit */
    rsbs    r10, r10, #0
    vdup.32 q7, r12
#endif
    str     r10, [sp, #TKF_VALUE]
    add     r6, r6, #7
    lsrs    r8, r6, #3 /* octets */
    and     r6, r6, #7
    adds    r6, r6, #1
    vctp.16 r6
    vmrs    r6, p0
    str     r6, [sp, #TKF_LAST]
    subs    r4, r4, #1
    lsrs    r10, r4, #4 - TKF_SHORT /* steps but one */
    and     r4, r4, #15 >> TKF_SHORT
    adds    r4, r4, #1
#if TKF_INPUTS_S16
    vctp.16 r4
#else
    vctp.8  r4
#endif
    lsl     r4, r10, #7 - TKF_SHORT
#if TKF_INPUTS_S16
    adds    r4, #64 + 64
#elif TKF_WIDE
    adds    r4, #128 + 128
#elif TKF_SIGNED
    adds    r4, #128 + 96
#else
    adds    r4, #128 + 64
#endif
    mla     r4, r4, r8, r1
    str     r4, [sp, #TKF_END]
    lsl     r4, r10, #4
    str     r4, [sp, #TKF_TAIL]
    movs    r12, #0
    cmp     r10, #TKF_CHAIN
    ble     1f
    subs    r12, r10, #TKF_CHAIN - TKF_LOOP + 1
    lsrs    r12, r12, #2
    sub     r10, r10, r12, lsl #2
1:
    str     r12, [sp, #TKF_LOOPS]
    movs    r2, #TKF_STEP_BYTES
    adr.w   r8, .L\name\()_end + 1
    mls     r8, r10, r2, r8
    mov     r4, r8
    cmp     r12, #0
    beq     2f
    adr.w   r4, .L\name\()_loop + 1
2:
    strd    r4, r8, [sp, #TKF_ENTRY]
.L\name\()_octet:
    ldr     r3, [sp, #TKF_TAIL]
    add     r3, r3, r5
    vpst
    TKF_INPUTS t, [r3]
    TKF_PRODUCTS
    mov     r3, r5
    ldr     pc, [sp, #TKF_ENTRY]
.L\name\()_loop:
    ldr     r11, [sp, #TKF_LOOPS]
3:
.rept TKF_LOOP
    TKF_STEP
.endr
    subs    r11, r11, #1
    bne.w   3b
    ldr     pc, [sp, #TKF_REST]
.rept TKF_CHAIN
    TKF_STEP
.endr
.L\name\()_end:
    TKF_REQUANTIZE
    cmp     r1, r2
    beq     4f
    TKF_STORE
    b       .L\name\()_octet
4:
    ldr     r0, [sp, #TKF_LAST]
    vmsr    p0, r0
    vpst
    TKF_STORE t
    add     sp, sp, #TKF_FRAME
    vpop    {d14, d15}
    pop     {r4-r8, r10, r11, pc}
    .size \name, . - \name
.endm
#endif
