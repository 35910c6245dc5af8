/* SPDX-License-Identifier: Apache-2.0 */
/* Matrix product of int8 pixels and int8 weights for Helium: the body of tk_mve_gemm_s8.S and tk_mve_gemm_signed_s8.S, which
 * set TKG_SIGNED to 0 or 1. Contract and layout of the stream: tk_mve_gemm.h.
 *
 * Tile: 2 pixels x 4 channels. VMLADAV adds 16 products into an even core register, and there are eight of these (LR is one,
 * so no low-overhead loop): pixel A r0 r4 r8 r12, pixel B r2 r6 r10 lr. 2 x 4 takes 6 loads for 8 products, the least of any
 * tile of eight. Two tiles make an octet of channels: the first has channels 0 2 4 6 of it and fills the lower halves of the
 * words of q4 (pixel A) and q5 (B), the second has channels 1 3 5 7 and fills the upper halves.
 *
 *   r1 weight stream   r3, r5 windows of pixel A, B   r7 y of pixel A   r11 loop count (long windows)
 *   q0 q1 inputs   q2 q3 weights, constants   q4 q5 results   q6 -shift, q7 unit in lanes 1 and 3 (folded)
 *   p0 the inputs of the first step (the window's tail), always
 *
 * A tile: the first step takes the last 1 to 16 bytes of the windows, the tail, and needs the predicate; r3 and r5 are there
 * when the tile before it has ended. LDM then sets r3 and r5 to the beginning and jumps into the chain of eight steps of 16
 * bytes; windows with more go round a loop of four steps first. Loads and products alternate. Instructions per octet, s steps:
 * 28 s + 39 (folded), 28 s + 58 (signed, 66 with a clamp); per pair of pixels 15 more. With one step the inputs stay in
 * registers: 61, 75.
 */
#ifdef __ASSEMBLER__
    .syntax unified
    .thumb

#define TKG_STEP_BYTES 56 /* of code: 14 instructions */
#define TKG_CHAIN 8
#define TKG_LOOP 4

/* struct tk_mve_gemm */
#define TKG_WEIGHTS 0
#define TKG_DEPTH 4
#define TKG_CHANNELS 12
#define TKG_SHIFT 20
#define TKG_OFFSET 28
#define TKG_MIN 32
#define TKG_ROW 40

/* Frame. */
#define TKG_A 0       /* window of pixel A */
#define TKG_B 4       /* and of pixel B */
#define TKG_ENTRY 8   /* where the chain, or the loop, of the first tile of an octet is entered */
#define TKG_ENTRY2 12 /* the same of the second tile */
#define TKG_REST 16   /* where its chain is entered after the loop */
#define TKG_REST2 20
#define TKG_LOOPS 24  /* rounds of the loop */
#define TKG_TAIL 28   /* bytes from a window to its tail */
#define TKG_END 32    /* of the stream */
#define TKG_APART 36  /* bytes from y of pixel A to y of pixel B */
#define TKG_STEP2 40  /* bytes from a pair to the next in x */
#define TKG_NEXT 44   /* from the last octet of a pair to the first of the next in y */
#define TKG_LEFT 48   /* pixels */
#define TKG_START 52  /* of the stream */
#define TKG_LAST 56   /* p0 for the last octet's store */
#define TKG_P0 60     /* p0 for the tail */
#define TKG_PITCH 64
#define TKG_VALUE 68  /* -shift (folded), offset and whether to clamp (signed) */
#define TKG_LOW 72    /* 16 bytes of min, 16 of max (signed) */
#define TKG_FRAME 104

.macro TKG_PRODUCTS a, xa, xb /* q2 has the weights of the first lane; leaves those of the next step's, or constants */
    vmladav\a\().s8 r0, \xa, q2
.ifnc \a,
    vldrb.u8 \xb, [r5], #16
.endif
    vmladav\a\().s8 r2, \xb, q2
    vldrw.u32 q3, [r1], #16
    vmladav\a\().s8 r4, \xa, q3
    vmladav\a\().s8 r6, \xb, q3
    vldrw.u32 q2, [r1], #16
    vmladav\a\().s8 r8, \xa, q2
    vmladav\a\().s8 r10, \xb, q2
    vldrw.u32 q3, [r1], #16
    vmladav\a\().s8 r12, \xa, q3
    vldrw.u32 q2, [r1], #16
    vmladav\a\().s8 lr, \xb, q3
.endm

.macro TKG_STEP
    vldrb.u8 q0, [r3], #16
    TKG_PRODUCTS a, q0, q1
.endm

#if TKG_SIGNED
/* q2 = biases: words of \a and \b to halves of q4 and q5, rounded twice, halves away from zero. */
.macro TKG_REQUANTIZE half, a, b, t
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
    vshr.s32 \t, \a, #31
    vadd.i32 \a, \a, \t
    vshr.s32 \t, \b, #31
    vadd.i32 \b, \b, \t
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
    bge     5f
    add     r4, sp, #TKG_LOW
    vldrw.u32 q6, [r4]
    vldrw.u32 q7, [r4, #16]
    vmax.s8 q4, q4, q6
    vmax.s8 q5, q5, q6
    vmin.s8 q4, q4, q7
    vmin.s8 q5, q5, q7
5:
.endm
#else
/* Lanes 1 and 3 of q7 are `unit`; VQRDMLADH(X) makes (acc * m + unit * c + 2^30) >> 31 of the pairs (acc, unit) and (m, c), in
 * the even (odd) lanes, products and sum in full width. q2 = {m0, c0, m2, c2}, the stream goes on with {c1, m1, c3, m3}. */
.macro TKG_REQUANTIZE half, a, b, t
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

/* A tile of more than 16 inputs. r3 and r5 are at the tails. */
.macro TKG_TILE name, half, entry, rest, first
    vldrw.u32 q2, [r1], #16
    vpstt
    vldrbt.u8 q0, [r3]
    vldrbt.u8 q1, [r5]
    TKG_PRODUCTS , q0, q1
.if \first
    ldm     sp, {r3, r5, pc}
.else
    ldrd    r3, r5, [sp, #TKG_A]
    ldr     pc, [sp, #\entry]
.endif
.L\name\()_loop_\half:
    ldr     r11, [sp, #TKG_LOOPS]
1:
.rept TKG_LOOP
    TKG_STEP
.endr
    subs    r11, r11, #1
    bne.w   1b
    ldr     pc, [sp, #\rest]
.L\name\()_chain_\half:
.rept TKG_CHAIN
    TKG_STEP
.endr
.L\name\()_end_\half:
    TKG_REQUANTIZE \half, q0, q1, q3
.endm

/* A tile of at most 16 inputs, which are in q0 and q1. */
.macro TKG_SMALL half
    vldrw.u32 q2, [r1], #16
    TKG_PRODUCTS , q0, q1
    TKG_REQUANTIZE \half, q3, q6, q7
.endm

.macro TKG_STORE again /* to the next octet, or on behind it after the last */
    ldrd    r0, r2, [sp, #TKG_END]
    add     r2, r2, r7
    cmp     r1, r0
    beq     2f
    vstrb.16 q5, [r2]
    vstrb.16 q4, [r7], #8
    b       \again
2:
    ldrd    r0, r4, [sp, #TKG_LAST]
    vmsr    p0, r0
    vpstt
    vstrbt.16 q4, [r7]
    vstrbt.16 q5, [r2]
    vmsr    p0, r4
.endm

/* r3, r5 the windows of the next pair, r7 its y, r1 the stream's beginning; or on to \done. */
.macro TKG_ADVANCE done
    ldrd    r4, r1, [sp, #TKG_LEFT]
    ldrd    r8, r10, [sp, #TKG_STEP2]
    ldrd    r3, r5, [sp, #TKG_A]
    subs    r4, r4, #2
    ble     \done
    cmp     r4, #1
    bne     3f
    lsrs    r8, r8, #1 /* one pixel is left: it makes a pair with the one before it */
    ldr     r4, [sp, #TKG_PITCH]
    sub     r10, r10, r4
    movs    r4, #2
3:
    str     r4, [sp, #TKG_LEFT]
    add     r3, r3, r8
    add     r5, r5, r8
    strd    r3, r5, [sp, #TKG_A]
    add     r7, r7, r10
.endm

.macro TKG_ENTRIES name, half, entry, rest /* r10 steps of the chain, r12 rounds of the loop */
    adr.w   r8, .L\name\()_end_\half + 1
    mls     r8, r10, r2, r8
    mov     r4, r8
    cmp     r12, #0
    beq     4f
    adr.w   r4, .L\name\()_loop_\half + 1
4:
    str     r4, [sp, #\entry]
    str     r8, [sp, #\rest]
.endm

.macro TKG_FUNCTION name
    .section .text.\name, "ax", %progbits
    .balign 4
    .global \name
    .type \name, %function
\name:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8-d15}
    sub     sp, sp, #TKG_FRAME
    mov     r7, r1
    ldr     r1, [r3, #TKG_WEIGHTS]
    ldrd    r4, r5, [r3, #TKG_DEPTH] /* and step */
    ldrd    r6, r8, [r3, #TKG_CHANNELS] /* and pitch */
#if TKG_SIGNED
    ldrd    r10, r12, [r3, #TKG_MIN] /* and max */
    vdup.8  q6, r10
    vdup.8  q7, r12
    sub     r10, r12, r10
    ldr     r12, [r3, #TKG_OFFSET]
    uxth    r12, r12
    cmp     r10, #255
    it      ne
    orrne   r12, r12, #0x80000000
    str     r12, [sp, #TKG_VALUE]
    add     r10, sp, #TKG_LOW
    vstrw.32 q6, [r10]
    vstrw.32 q7, [r10, #16]
#else
    ldrd    r10, r12, [r3, #TKG_SHIFT] /* and unit */
    rsbs    r10, r10, #0
    str     r10, [sp, #TKG_VALUE]
    vdup.16 q6, r10
    vdup.32 q7, r12
#endif
    str     r1, [sp, #TKG_START]
    str     r8, [sp, #TKG_PITCH]
    ldrd    r3, r10, [r3, #TKG_ROW] /* step and pitch of rows */
    lsl     r12, r8, #1 /* from a pair to the next in y */
    cbz     r3, 4f
    str     r5, [sp, #TKG_STEP2] /* two rows: pixels one by one, an even number */
    lsls    r2, r2, #1
    mov     r5, r3
    mov     r12, r8
    mov     r8, r10
    b       5f
4:
    lsl     r10, r5, #1
    str     r10, [sp, #TKG_STEP2]
    cmp     r2, #1
    itt     eq /* a single pixel is computed twice */
    moveq   r5, #0
    moveq   r8, #0
5:
    str     r2, [sp, #TKG_LEFT]
    str     r8, [sp, #TKG_APART]
    add     r5, r5, r0
    strd    r0, r5, [sp, #TKG_A]
    add     r6, r6, #7
    lsrs    r2, r6, #3 /* octets */
    and     r6, r6, #7
    adds    r6, r6, #1
    vctp.16 r6
    vmrs    r6, p0
    subs    r4, r4, #1
    lsrs    r10, r4, #4 /* steps but one */
    and     r4, r4, #15
    adds    r4, r4, #1
    vctp.8  r4
    vmrs    r4, p0
    strd    r6, r4, [sp, #TKG_LAST]
    subs    r4, r2, #1
    sub     r12, r12, r4, lsl #3
    str     r12, [sp, #TKG_NEXT]
    lsl     r4, r10, #7
#if TKG_SIGNED
    adds    r4, #128 + 96
#else
    adds    r4, #128 + 64
#endif
    mla     r4, r4, r2, r1
    str     r4, [sp, #TKG_END]
    lsl     r4, r10, #4
    str     r4, [sp, #TKG_TAIL]
    mov     r3, r0
    cmp     r10, #0
    beq.w   .L\name\()_small
    movs    r12, #0
    cmp     r10, #TKG_CHAIN
    ble     5f
    subs    r12, r10, #TKG_CHAIN - TKG_LOOP + 1
    lsrs    r12, r12, #2
    sub     r10, r10, r12, lsl #2
5:
    str     r12, [sp, #TKG_LOOPS]
    movs    r2, #TKG_STEP_BYTES
    TKG_ENTRIES \name, b, TKG_ENTRY, TKG_REST
    TKG_ENTRIES \name, t, TKG_ENTRY2, TKG_REST2
.L\name\()_pair:
    ldr     r0, [sp, #TKG_TAIL]
    add     r3, r3, r0
    add     r5, r5, r0
.L\name\()_octet:
    TKG_TILE \name, b, TKG_ENTRY, TKG_REST, 1
    TKG_TILE \name, t, TKG_ENTRY2, TKG_REST2, 0
    TKG_FINISH
    TKG_STORE .L\name\()_octet
    TKG_ADVANCE .L\name\()_done
    b       .L\name\()_pair
.L\name\()_small:
    vpstt
    vldrbt.u8 q0, [r3]
    vldrbt.u8 q1, [r5]
6:
    TKG_SMALL b
    TKG_SMALL t
    TKG_FINISH 1
    TKG_STORE 6b
    TKG_ADVANCE .L\name\()_done
    b       .L\name\()_small
.L\name\()_done:
    add     sp, sp, #TKG_FRAME
    vpop    {d8-d15}
    pop     {r4-r8, r10, r11, pc}
    .size \name, . - \name
.endm
#endif
