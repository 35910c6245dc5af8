/* SPDX-License-Identifier: Apache-2.0 */
/* Matrix product of int8 or int16 pixels and int8 weights for Helium: the body of tk_mve_gemm_s8.S, tk_mve_gemm_signed_s8.S, which
 * set TKG_SIGNED to 0 or 1, and tk_mve_gemm_s16.S, which sets TKG_WIDE. Contract and layout of the stream: tk_mve_gemm.h.
 *
 * Tile: 2 pixels x 4 channels. VMLADAV adds 16 products into an even core register, and there are eight of these (LR is one,
 * so no low-overhead loop): pixel A r0 r4 r8 r12, pixel B r2 r6 r10 lr. 2 x 4 takes 6 loads for 8 products, the least of any
 * tile of eight. Two tiles make an octet of channels: the first has channels 0 2 4 6 of it and fills the lower halves of the
 * words of q4 (pixel A) and q5 (B), the second has channels 1 3 5 7 and fills the upper halves.
 *
 *   r1 weight stream   r3, r5 windows of pixel A, B   r7 y of pixel A   r11 loop count (long windows), else 1 (signed)
 *   q0 q1 inputs   q2 q3 weights, constants   q4 q5 results   q6 -shift, q7 unit in lanes 1 and 3 (folded)
 *   p0 the inputs of the first step (the window's tail), always
 *
 * A tile: the first step takes the last 1 to 16 bytes of the windows, the tail, and needs the predicate; r3 and r5 are there
 * when the tile before it has ended. LDM then sets r3 and r5 to the beginning and jumps into the chain of eight steps of 16
 * bytes; windows with more go round a loop of four steps first. Loads and products alternate. Instructions per octet, s steps:
 * 28 s + 39 (folded), 28 s + 54 (signed, 62 with a clamp); per pair of pixels 13 more. With one step the inputs stay in
 * registers: 61, 71. Of int16, a step is 8 inputs, and weights are widened as they are loaded: the same instructions for half of
 * the products, 28 s + 39 (45 with a clamp) per octet and 17 per pair; 58 with one step.
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
#define TKG_LEFT 48   /* pixels but one */
#define TKG_START 52  /* of the stream */
#define TKG_LAST 56   /* p0 for the last octet's store */
#define TKG_P0 60     /* p0 for the tail */
#define TKG_PITCH 64
#define TKG_VALUE 68  /* -shift (folded), offset (signed) and whether to clamp (signed, wide) */
#define TKG_LOW 72    /* 16 bytes of min, 16 of max (signed, wide) */
#define TKG_FRAME 104

#include "tk_mve_gemm_forms_asm.h"

.macro TKG_PRODUCTS a, xa, xb /* int8: q2 has the weights of the first lane; leaves those of the next step's, or constants */
    TKG_SUM \a, r0, \xa, q2
.ifnc \a,
    TKG_INPUTS , \xb, [r5], #16
.endif
    TKG_SUM \a, r2, \xb, q2
    TKG_WEIGHT q3
    TKG_SUM \a, r4, \xa, q3
    TKG_SUM \a, r6, \xb, q3
    TKG_WEIGHT q2
    TKG_SUM \a, r8, \xa, q2
    TKG_SUM \a, r10, \xb, q2
    TKG_WEIGHT q3
    TKG_SUM \a, r12, \xa, q3
#if !TKG_WIDE
    TKG_WEIGHT q2
#endif
    TKG_SUM \a, lr, \xb, q3
.endm

.macro TKG_STEP
#if TKG_WIDE
    TKG_WEIGHT q2
#endif
    TKG_INPUTS , q0, [r3], #16
    TKG_PRODUCTS a, q0, q1
.endm

/* A tile of more than 16 inputs. r3 and r5 are at the tails. */
.macro TKG_TILE name, half, entry, rest, first
    TKG_WEIGHT q2
    vpstt
    TKG_INPUTS t, q0, [r3]
    TKG_INPUTS t, q1, [r5]
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
#if TKG_SIGNED
    movs    r11, #1
#endif
    ldr     pc, [sp, #\rest]
.L\name\()_chain_\half:
.rept TKG_CHAIN
    TKG_STEP
.endr
.L\name\()_end_\half:
    TKG_REQUANTIZE \half, q0, q1
.endm

/* A tile of at most 16 inputs, which are in q0 and q1. */
.macro TKG_SMALL half
    TKG_WEIGHT q2
    TKG_PRODUCTS , q0, q1
    TKG_REQUANTIZE \half, q3, q6
.endm

.macro TKG_STORE last /* of an octet, but for the last */
    ldrd    r0, r2, [sp, #TKG_END]
    add     r2, r2, r7
    cmp     r1, r0
    beq     \last
    TKG_RESULTS , q5, [r2]
    TKG_RESULTS , q4, [r7], #8 * TKG_ELEMENT
.endm

/* The last octet of a pair to r7 and r2; then r3, r5 the windows of the next pair, r7 its y, r1 the stream's beginning; or on to
 * \done. */
.macro TKG_ADVANCE done
    ldrd    r0, r4, [sp, #TKG_LAST]
    vmsr    p0, r0
    vpstt
    TKG_RESULTS t, q4, [r7]
    TKG_RESULTS t, q5, [r2]
    vmsr    p0, r4
    ldrd    r4, r1, [sp, #TKG_LEFT]
    ldrd    r8, r10, [sp, #TKG_STEP2]
    ldrd    r3, r5, [sp, #TKG_A]
    subs    r4, r4, #2
    blt     \done
    bne     3f
    lsrs    r8, r8, #1 /* one pixel is left: it makes a pair with the one before it */
    ldr     r4, [sp, #TKG_PITCH]
    sub     r10, r10, r4
    movs    r4, #1
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
#if TKG_WIDE
    lsls    r5, r5, #1
    lsl     r8, r8, #1
    ldrd    r10, r12, [r3, #TKG_MIN] /* and max */
    vdup.16 q6, r10
    vdup.16 q7, r12
    sub     r10, r12, r10
    sub     r10, r10, #65280
    sub     r10, r10, #255
    str     r10, [sp, #TKG_VALUE]
    add     r10, sp, #TKG_LOW
    vstrw.32 q6, [r10]
    vstrw.32 q7, [r10, #16]
#elif TKG_SIGNED
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
#if TKG_WIDE
    lsls    r3, r3, #1
    lsl     r10, r10, #1
#endif
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
    subs    r2, r2, #1
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
    lsrs    r10, r4, #5 - TKG_ELEMENT /* steps but one */
    and     r4, r4, #16 / TKG_ELEMENT - 1
    adds    r4, r4, #1
#if TKG_WIDE
    vctp.16 r4
#else
    vctp.8  r4
#endif
    vmrs    r4, p0
    strd    r6, r4, [sp, #TKG_LAST]
    subs    r4, r2, #1
    sub     r12, r12, r4, lsl #2 + TKG_ELEMENT
    str     r12, [sp, #TKG_NEXT]
    lsl     r4, r10, #8 - TKG_ELEMENT
#if TKG_WIDE
    adds    r4, #64 + 64
#elif TKG_SIGNED
    adds    r4, #128 + 96
#else
    adds    r4, #128 + 64
#endif
    mla     r4, r4, r2, r1
    str     r4, [sp, #TKG_END]
    lsl     r4, r10, #4
    str     r4, [sp, #TKG_TAIL]
    mov     r3, r0
#if TKG_SIGNED
    movs    r11, #1
#endif
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
    b       .L\name\()_pair
.L\name\()_last:
    TKG_ADVANCE .L\name\()_done
.L\name\()_pair:
    ldr     r0, [sp, #TKG_TAIL]
    add     r3, r3, r0
    add     r5, r5, r0
.L\name\()_octet:
    TKG_TILE \name, b, TKG_ENTRY, TKG_REST, 1
    TKG_TILE \name, t, TKG_ENTRY2, TKG_REST2, 0
    TKG_FINISH
    TKG_STORE .L\name\()_last
    b       .L\name\()_octet
.L\name\()_last_small:
    TKG_ADVANCE .L\name\()_done
.L\name\()_small:
    vpstt
    TKG_INPUTS t, q0, [r3]
    TKG_INPUTS t, q1, [r5]
6:
    TKG_SMALL b
    TKG_SMALL t
    TKG_FINISH 1
    TKG_STORE .L\name\()_last_small
    b       6b
.L\name\()_done:
    add     sp, sp, #TKG_FRAME
    vpop    {d8-d15}
    pop     {r4-r8, r10, r11, pc}
    .size \name, . - \name
.endm
#endif
