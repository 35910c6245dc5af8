/* SPDX-License-Identifier: Apache-2.0 */
/* In what the forms of tk_mve_gemm_asm.h differ, by TKG_SIGNED and TKG_WIDE: how inputs and weights are loaded, multiplied and results
 * stored, and how four sums of two pixels, in r0 r4 r8 r12 and r2 r6 r10 lr, become results: TKG_REQUANTIZE, for the lower (b) or upper
 * (t) halves of the words of q4 and q5, with \a and \b for working; TKG_FINISH, of all eight channels. */
#ifdef __ASSEMBLER__

#if TKG_WIDE
#define TKG_ELEMENT 2 /* bytes of an input, of a result */
.macro TKG_INPUTS t, q, window:vararg
    vldrh\t\().u16 \q, \window
.endm
.macro TKG_RESULTS t, q, y:vararg
    vstrh\t\().16 \q, \y
.endm
.macro TKG_WEIGHT q
    vldrb.s16 \q, [r1], #8
.endm
.macro TKG_SUM a, sum, x, w
    vmladav\a\().s16 \sum, \x, \w
.endm
#else
#define TKG_ELEMENT 1
.macro TKG_INPUTS t, q, window:vararg
    vldrb\t\().u8 \q, \window
.endm
.macro TKG_RESULTS t, q, y:vararg
    vstrb\t\().16 \q, \y
.endm
.macro TKG_WEIGHT q
    vldrw.u32 \q, [r1], #16
.endm
.macro TKG_SUM a, sum, x, w
    vmladav\a\().s8 \sum, \x, \w
.endm
#endif

#if TKG_SIGNED || TKG_WIDE
.macro TKG_CLAMP size /* there is one where r4 is negative */
    bge     5f
    add     r4, sp, #TKG_LOW
    vldrw.u32 q6, [r4]
    vldrw.u32 q7, [r4, #16]
    vmax.\size q4, q4, q6
    vmax.\size q5, q5, q6
    vmin.\size q4, q4, q7
    vmin.\size q5, q5, q7
5:
.endm
#endif

#if TKG_WIDE
/* The sums to halves of q4 and q5: biases, then the high word of a product, rounded. */
.macro TKG_REQUANTIZE half, a, b
    vldrw.u32 q2, [r1], #16
    vmov    \a[2], \a[0], r0, r8
    vmov    \a[3], \a[1], r4, r12
    vmov    \b[2], \b[0], r2, r10
    vmov    \b[3], \b[1], r6, lr
    vadd.i32 \a, \a, q2
    vadd.i32 \b, \b, q2
    vldrw.u32 q2, [r1], #16
    vrmulh.s32 \a, \a, q2
    vrmulh.s32 \b, \b, q2
    vqmovn\half\().s32 q4, \a
    vqmovn\half\().s32 q5, \b
.endm
.macro TKG_FINISH small=0
    ldr     r4, [sp, #TKG_VALUE]
    cmp     r4, #0
    TKG_CLAMP s16
.endm
#elif TKG_SIGNED
/* q2 = biases: words of \a and \b to halves of q4 and q5, rounded twice, halves away from zero. r11 is 1. */
.macro TKG_REQUANTIZE half, a, b
    vmov    \a[2], \a[0], r0, r8
    vmov    \a[3], \a[1], r4, r12
    vmov    \b[2], \b[0], r2, r10
    vmov    \b[3], \b[1], r6, lr
    vadd.i32 \a, \a, q2
    vadd.i32 \b, \b, q2
    vldrw.u32 q2, [r1], #16 /* multipliers */
    vqrdmulh.s32 \a, \a, q2
    vqrdmulh.s32 \b, \b, q2
    vldrw.u32 q2, [r1], #16 /* minus right shifts */
    vqdmlah.s32 \a, \a, r11 /* a + (a * 1 >> 31): one less where it is negative */
    vqdmlah.s32 \b, \b, r11
    vrshl.s32 \a, \a, q2
    vrshl.s32 \b, \b, q2
    vqmovn\half\().s32 q4, \a
    vqmovn\half\().s32 q5, \b
.endm
.macro TKG_FINISH small=0 /* q4 and q5 to bytes */
    ldr     r4, [sp, #TKG_VALUE] /* negative where there is a clamp: the offset is its lower half */
    vqadd.s16 q4, q4, r4
    cmp     r4, #0
    vqadd.s16 q5, q5, r4
    vqmovnb.s16 q4, q4
    vqmovnb.s16 q5, q5
    TKG_CLAMP s8
.endm
#else
/* Lanes 1 and 3 of q7 are `unit`; VQRDMLADH(X) makes (acc * m + unit * c + 2^30) >> 31 of the pairs (acc, unit) and (m, c), in
 * the even (odd) lanes, products and sum in full width. q2 = {m0, c0, m2, c2}, the stream goes on with {c1, m1, c3, m3}. */
.macro TKG_REQUANTIZE half, a, b
    vmov    q7[2], q7[0], r0, r8
    vqrdmladh.s32 \a, q7, q2
    vmov    q7[2], q7[0], r2, r10
    vqrdmladh.s32 \b, q7, q2
    vldrw.u32 q2, [r1], #16
    vmov    q7[2], q7[0], r4, r12
    vqrdmladhx.s32 \a, q7, q2
    vmov    q7[2], q7[0], r6, lr
    vqrdmladhx.s32 \b, q7, q2
    vqmovn\half\().s32 q4, \a
    vqmovn\half\().s32 q5, \b
.endm
.macro TKG_FINISH small=0
.if \small
    ldr     r4, [sp, #TKG_VALUE]
    vqrshl.s16 q4, r4
    vqrshl.s16 q5, r4
.else
    vqrshl.s16 q4, q4, q6
    vqrshl.s16 q5, q5, q6
.endif
    vqmovnb.s16 q4, q4
    vqmovnb.s16 q5, q5
.endm
#endif
#endif
