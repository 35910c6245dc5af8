/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise convolution of cells, for Helium: the bodies of tk_mve_cells_by1(_signed)_s8.S and ..._by2(...), which set
 * TKD_SIGNED and take TKD_BY1 or TKD_BY2. Contracts: tk_mve_cells_by1_s8.h and so on.
 *
 * A gather of four words is a cell, the 4 x 4 inputs of one channel in one vector. By 1: four VMLADAV, with the kernel shifted by
 * a column, a row and both, are 2 x 2 outputs, so four rows of a strip take two gathers: 27 instructions for 8 outputs. Rows
 * left over go by twos (or under a predicate); the last of an odd number of columns goes alone, four rows at a time. By 2: one
 * VMLADAV is one output; 2 x 2 of them, from two strips, take 19 instructions; an odd row or column goes under a predicate. All
 * lanes belong to one channel, whose constants are scalars.
 *
 *   r0 -shift (signed: offset)   r1 weight stream   r2 out_row times 4   r3 bias   r5 multiplier   r7 addend (signed: -right shift)
 *   r4 r6 r8 r10 sums   r11 y of the strip   r12 y, running   q0 cell   q1 results   q2 addresses of the cell's four words
 *   q3 offsets of the results   q4-q7 kernels   p0 results left over
 */
#ifdef __ASSEMBLER__
    .syntax unified
    .thumb

/* struct tk_mve_cells */
#define TKD_CHANNELS 4
#define TKD_STRIP 28
#define TKD_OUT_ROWS 36
#define TKD_OUT_ROW 44
#define TKD_SHIFT 52
#define TKD_OFFSET 56
#define TKD_MIN 60

/* Frame. */
#define TKD_FOURS 0   /* rows / 4 */
#define TKD_REST 4    /* where the rest of a strip's rows is done */
#define TKD_REST1 8   /* the same for a single column */
#define TKD_NEXT 12   /* from the last cell of a strip to before the first of the next */
#define TKD_BACK 16   /* from there to before the first cell of the next channel */
#define TKD_ACROSS 20 /* from strip to strip in y */
#define TKD_END 24    /* y behind the last strip */
#define TKD_LAST 28   /* of the stream */
#define TKD_Y 32      /* of the channel */
#define TKD_ROW 36    /* out_row */
#define TKD_ODD 40    /* whether there is a single column */
#define TKD_P0 44     /* p0 of a single column's rest, and of the others */
#define TKD_STOP 52   /* y behind the channel's last strip */
#define TKD_ROWS 4    /* by 2: out_rows */
#define TKD_STRIP_BYTES 8
#define TKD_NEXT1 120 /* by 2: from the last cell of a single strip to before the first of the next */
#define TKD_WORDS 56  /* 4 x 32 bits: offsets of 2 x 2 results */
#define TKD_DOWN 72   /* of 4 x 1 */
#define TKD_HALVES 88 /* 8 x 16 bits: of 4 x 2, two by two rows in turn */
#define TKD_LOW 88    /* signed: 16 bytes of min, 16 of max */
#define TKD_FRAME 128

.macro TKD_LANES q /* the sums to lanes 0 to 3 */
    vmov    \q[2], \q[0], r4, r8
    vmov    \q[3], \q[1], r6, r10
.endm
.macro TKD_HIGH q
    vadd.i32 \q, \q, r3
    vqrdmulh.s32 \q, \q, r5
    vadd.i32 \q, \q, r7
.endm

/* The sums to bytes in the words of q1. */
.macro TKD_BYTES
    TKD_LANES q1
#if TKD_SIGNED
    vadd.i32 q1, q1, r3
    vqrdmulh.s32 q1, q1, r5
    vshr.s32 q0, q1, #31
    vadd.i32 q1, q1, q0
    vrshl.s32 q1, r7
    vqmovnb.s32 q1, q1
    add     r4, sp, #TKD_LOW
    vqadd.s16 q1, q1, r0
    vldrw.u32 q0, [r4]
    vqmovnb.s16 q1, q1
    vmax.s8 q1, q1, q0
    vldrw.u32 q0, [r4, #16]
    vmin.s8 q1, q1, q0
#else
    TKD_HIGH q1
    vqmovnb.s32 q1, q1
    vqrshl.s16 q1, r0
    vqmovnb.s16 q1, q1
#endif
.endm

.macro TKD_CELL /* 2 x 2 outputs */
    vldrw.u32 q0, [q2, #128]!
    vmladav.s8 r4, q0, q4
    vmladav.s8 r6, q0, q5
    vmladav.s8 r8, q0, q6
    vmladav.s8 r10, q0, q7
    TKD_BYTES
.endm
.macro TKD_BACK_A_ROW
    movs    r4, #64
    vsub.i32 q2, q2, r4
    ldr     r4, [sp, #TKD_ROW]
    sub     r12, r12, r4
.endm

.macro TKD_TWO_CELLS /* 4 rows x 2 columns, to the even bytes of q1 */
    vldrw.u32 q0, [q2, #128]!
    vmladav.s8 r4, q0, q4
    vmladav.s8 r6, q0, q5
    vmladav.s8 r8, q0, q6
    vmladav.s8 r10, q0, q7
    vldrw.u32 q0, [q2, #128]!
    TKD_LANES q1
    vmladav.s8 r4, q0, q4
    vadd.i32 q1, q1, r3
    vmladav.s8 r6, q0, q5
    vqrdmulh.s32 q1, q1, r5
    vmladav.s8 r8, q0, q6
    vadd.i32 q1, q1, r7
    vmladav.s8 r10, q0, q7
    vqmovnb.s32 q1, q1
    TKD_LANES q0
    TKD_HIGH q0
    vqmovnt.s32 q1, q0
    vqrshl.s16 q1, r0
    vqmovnb.s16 q1, q1
.endm

.macro TKD_COLUMN /* 4 rows x 1 column */
    vldrw.u32 q0, [q2, #128]!
    vmladav.s8 r4, q0, q4
    vmladav.s8 r6, q0, q6
    vldrw.u32 q0, [q2, #128]!
    vmladav.s8 r8, q0, q4
    vmladav.s8 r10, q0, q6
    TKD_BYTES
.endm

.macro TKD_STORE_WORDS
#if TKD_SIGNED
    vstrb.32 q1, [r12, q3]
#else
    add     r4, sp, #TKD_WORDS
    vldrw.u32 q0, [r4]
    vstrb.32 q1, [r12, q0]
#endif
.endm
.macro TKD_PAIR /* 2 rows x 1 column */
    vldrw.u32 q0, [q2, #128]!
    vmladav.s8 r4, q0, q4
    vmladav.s8 r6, q0, q6
    TKD_BYTES
    vpst
    vstrbt.32 q1, [r12, q3]
.endm

/* The prologue that all share: r1 weights, r2 y, r3 cells' description; `bytes` of a channel's stream. */
.macro TKD_ENTER bytes
    push    {r4-r8, r10, r11, lr}
    vpush   {d8-d15}
    sub     sp, sp, #TKD_FRAME
    str     r2, [sp, #TKD_Y]
    ldr     r4, [r3, #TKD_CHANNELS]
    movs    r5, #\bytes
    mla     r4, r4, r5, r1
    str     r4, [sp, #TKD_LAST]
    vmov.i32 q0, #64
    mov     r4, #0
    vidup.u32 q2, r4, #1
    vmul.i32 q2, q2, q0
    vadd.i32 q2, q2, r0
#if TKD_SIGNED
    ldrd    r4, r5, [r3, #TKD_MIN] /* and max */
    vdup.8  q0, r4
    vdup.8  q1, r5
    add     r4, sp, #TKD_LOW
    vstrw.32 q0, [r4]
    vstrw.32 q1, [r4, #16]
    ldr     r0, [r3, #TKD_OFFSET]
#else
    ldr     r0, [r3, #TKD_SHIFT]
    rsbs    r0, r0, #0
#endif
    ldrd    r4, r5, [r3, #TKD_OUT_ROW] /* and pixel */
    str     r4, [sp, #TKD_ROW]
    movs    r6, #0
    add     r7, r4, r5
    strd    r6, r5, [sp, #TKD_WORDS]
    strd    r4, r7, [sp, #TKD_WORDS + 8]
    lsls    r7, r4, #1
    add     r8, r7, r4
    strd    r6, r4, [sp, #TKD_DOWN]
    strd    r7, r8, [sp, #TKD_DOWN + 8]
    lsls    r2, r4, #2
.endm
.macro TKD_LEAVE
    add     sp, sp, #TKD_FRAME
    vpop    {d8-d15}
    pop     {r4-r8, r10, r11, pc}
.endm

.macro TKD_BY1 name
    .section .text.\name, "ax", %progbits
    .balign 4
    .global \name
    .type \name, %function
\name:
    TKD_ENTER 36
#if !TKD_SIGNED
    strh    r6, [sp, #TKD_HALVES]
    strh    r7, [sp, #TKD_HALVES + 2]
    strh    r5, [sp, #TKD_HALVES + 4]
    add     r8, r7, r5
    strh    r8, [sp, #TKD_HALVES + 6]
    strh    r4, [sp, #TKD_HALVES + 8]
    add     r8, r7, r4
    strh    r8, [sp, #TKD_HALVES + 10]
    add     r6, r4, r5
    strh    r6, [sp, #TKD_HALVES + 12]
    add     r6, r7
    strh    r6, [sp, #TKD_HALVES + 14]
#endif
    lsls    r4, r5, #1
    str     r4, [sp, #TKD_ACROSS]
    ldrd    r5, r6, [r3, #TKD_OUT_ROWS] /* and columns */
    and     r7, r6, #1
    lsrs    r6, r6, #1 /* strips of two columns */
    mul     r4, r4, r6
    str     r4, [sp, #TKD_END]
    str     r7, [sp, #TKD_ODD]
    add     r6, r6, r7
    ldr     r4, [r3, #TKD_STRIP]
    mul     r6, r6, r4 /* from channel to channel, but for the word of the channel */
    rsb     r6, r6, #4
    str     r6, [sp, #TKD_BACK]
    movw    r10, #0x00ff
    movw    r8, #0x00ff
    lsrs    r6, r5, #2
    str     r6, [sp, #TKD_FOURS]
    lsls    r7, r6, #8 /* bytes that a strip takes of the cells */
    ands    r6, r5, #3
    beq     1f
    cmp     r5, #1
    beq     2f
    adds    r7, #64
    cmp     r6, #1
    it      ne
    addne   r7, #64
    cmp     r6, #3
    it      eq
    addeq   r7, #64
    b       1f
2:
    movw    r10, #0x000f /* a single row */
    adds    r7, #128
    movs    r6, #4
1:
    subs    r4, r4, r7
    str     r4, [sp, #TKD_NEXT]
    strd    r10, r8, [sp, #TKD_P0]
    adr     r4, .L\name\()_rests
    add     r4, r4, r6, lsl #3
    ldrd    r5, r6, [r4]
    adr.w   r4, .L\name\()_rests + 1
    add     r5, r5, r4
    add     r6, r6, r4
    strd    r5, r6, [sp, #TKD_REST]
    movs    r4, #128
    vsub.i32 q2, q2, r4
    vmsr    p0, r8
#if TKD_SIGNED
    add     r4, sp, #TKD_WORDS
#else
    add     r4, sp, #TKD_HALVES
#endif
    vldrw.u32 q3, [r4]
.L\name\()_channel:
    ldr     r11, [sp, #TKD_Y]
    ldr     r4, [sp, #TKD_END]
    ldrd    r3, r5, [r1]
    ldr     r7, [r1, #8]
    adds    r1, #20
    vldrb.u8 q4, [r1]
    add     r6, r11, #1
    vldrb.u8 q5, [r1, #-1] /* zeros are before the kernel: it moves right by a column, */
    str     r6, [sp, #TKD_Y]
    vldrb.u8 q6, [r1, #-4] /* down by a row, */
    vldrb.u8 q7, [r1, #-5] /* and both */
    adds    r1, #16
    adds    r4, r4, r11
    str     r4, [sp, #TKD_STOP]
    cmp     r4, r11
    beq     .L\name\()_odd
.L\name\()_strip:
    ldr     r4, [sp, #TKD_FOURS]
    mov     r12, r11
    wls     lr, r4, 4f
3:
#if TKD_SIGNED
    TKD_CELL
    vstrb.32 q1, [r12, q3]
    add     r12, r12, r2, lsr #1
    TKD_CELL
    vstrb.32 q1, [r12, q3]
    add     r12, r12, r2, lsr #1
#else
    TKD_TWO_CELLS
    vstrb.16 q1, [r12, q3]
    add     r12, r12, r2
#endif
    le      lr, 3b
4:
    ldr     pc, [sp, #TKD_REST]
    .balign 4
.L\name\()_rests: /* by rows left over: of a strip, of a single column; the last pair: of a single row */
    .word   .L\name\()_rest0 - .L\name\()_rests, .L\name\()_single0 - .L\name\()_rests
    .word   .L\name\()_rest1 - .L\name\()_rests, .L\name\()_single1 - .L\name\()_rests
    .word   .L\name\()_rest2 - .L\name\()_rests, .L\name\()_single2 - .L\name\()_rests
    .word   .L\name\()_rest3 - .L\name\()_rests, .L\name\()_single3 - .L\name\()_rests
    .word   .L\name\()_row - .L\name\()_rests, .L\name\()_single2 - .L\name\()_rests
.L\name\()_rest3:
    TKD_CELL
    TKD_STORE_WORDS
    add     r12, r12, r2, lsr #1
.L\name\()_rest1:
    TKD_BACK_A_ROW
.L\name\()_rest2:
    TKD_CELL
    TKD_STORE_WORDS
    b       .L\name\()_rest0
.L\name\()_row:
    TKD_CELL
    add     r4, sp, #TKD_WORDS
    vldrw.u32 q0, [r4]
    vpst
    vstrbt.32 q1, [r12, q0]
.L\name\()_rest0:
    ldr     r4, [sp, #TKD_NEXT]
    ldr     r6, [sp, #TKD_ACROSS]
    vadd.i32 q2, q2, r4
    ldr     r8, [sp, #TKD_STOP]
    add     r11, r11, r6
    cmp     r11, r8
    bne.w   .L\name\()_strip
.L\name\()_odd:
    ldr     r4, [sp, #TKD_ODD]
    cmp     r4, #0
    beq.w   .L\name\()_next
    ldr     r4, [sp, #TKD_P0]
    vmsr    p0, r4
    add     r4, sp, #TKD_DOWN
    vldrw.u32 q3, [r4]
    ldr     r4, [sp, #TKD_FOURS]
    mov     r12, r11
    wls     lr, r4, 6f
5:
    TKD_COLUMN
    vstrb.32 q1, [r12, q3]
    add     r12, r12, r2
    le      lr, 5b
6:
    ldr     pc, [sp, #TKD_REST1]
.L\name\()_single3:
    TKD_PAIR
    add     r12, r12, r2, lsr #1
.L\name\()_single1:
    TKD_BACK_A_ROW
.L\name\()_single2:
    TKD_PAIR
.L\name\()_single0:
    ldr     r4, [sp, #TKD_NEXT]
    ldr     r6, [sp, #TKD_P0 + 4]
    vadd.i32 q2, q2, r4
    vmsr    p0, r6
#if TKD_SIGNED
    add     r4, sp, #TKD_WORDS
#else
    add     r4, sp, #TKD_HALVES
#endif
    vldrw.u32 q3, [r4]
.L\name\()_next:
    ldr     r4, [sp, #TKD_BACK]
    ldr     r6, [sp, #TKD_LAST]
    vadd.i32 q2, q2, r4
    cmp     r1, r6
    bne.w   .L\name\()_channel
    TKD_LEAVE
    .size \name, . - \name
.endm

.macro TKD_FOUR /* 2 x 2 outputs, from two strips */
    vldrw.u32 q0, [q2, #128]!
    vmladav.s8 r4, q0, q4
    vldrw.u32 q1, [q5, #128]!
    vmladav.s8 r6, q1, q4
    vldrw.u32 q0, [q2, #128]!
    vmladav.s8 r8, q0, q4
    vldrw.u32 q1, [q5, #128]!
    vmladav.s8 r10, q1, q4
    TKD_BYTES
.endm

/* Two columns, or one: then every store needs the predicate `p` (bytes of the frame from TKD_P0 on). */
.macro TKD_TWO_STRIPS one, p
    ldr     r4, [sp, #TKD_FOURS]
    mov     r12, r11
    wls     lr, r4, 4f
3:
    TKD_FOUR
.if \one
    vpst
    vstrbt.32 q1, [r12, q3]
.else
    vstrb.32 q1, [r12, q3]
.endif
    add     r12, r12, r2, lsr #1
    le      lr, 3b
4:
    ldr     r4, [sp, #TKD_ROWS]
    lsls    r4, r4, #31
    beq     5f
    ldr     r4, [sp, #TKD_P0 + \p]
    vmsr    p0, r4
    TKD_FOUR
    vpst
    vstrbt.32 q1, [r12, q3]
5:
.endm

.macro TKD_BY2 name
    .section .text.\name, "ax", %progbits
    .balign 4
    .global \name
    .type \name, %function
\name:
    TKD_ENTER 28
    lsls    r6, r5, #1
    str     r6, [sp, #TKD_ACROSS]
    ldrd    r4, r6, [r3, #TKD_OUT_ROWS] /* and columns */
    ldr     r7, [r3, #TKD_STRIP]
    bic     r8, r6, #1
    mul     r8, r8, r5
    str     r8, [sp, #TKD_END]
    and     r8, r6, #1
    str     r8, [sp, #TKD_ODD]
    mul     r6, r6, r7
    rsb     r6, r6, #4
    str     r6, [sp, #TKD_BACK]
    str     r7, [sp, #TKD_STRIP_BYTES]
    str     r4, [sp, #TKD_ROWS]
    lsrs    r6, r4, #1
    str     r6, [sp, #TKD_FOURS]
    adds    r4, r4, #1
    lsrs    r4, r4, #1
    lsls    r4, r4, #8
    lsls    r6, r7, #1
    subs    r6, r6, r4
    str     r6, [sp, #TKD_NEXT]
    subs    r7, r7, r4
    str     r7, [sp, #TKD_NEXT1]
    movs    r4, #0x00ff /* two columns of a last row; a column of a row */
    movs    r5, #0x000f
    strd    r4, r5, [sp, #TKD_P0]
    movs    r4, #128
    vsub.i32 q2, q2, r4
    add     r4, sp, #TKD_WORDS
    vldrw.u32 q3, [r4]
.L\name\()_channel:
    ldr     r11, [sp, #TKD_Y]
    ldr     r4, [sp, #TKD_END]
    ldrd    r3, r5, [r1, #16]
    ldr     r7, [r1, #24]
    add     r6, r11, #1
    vldrw.u32 q4, [r1], #28
    str     r6, [sp, #TKD_Y]
    adds    r4, r4, r11
    str     r4, [sp, #TKD_STOP]
    cmp     r4, r11
    beq     .L\name\()_odd
.L\name\()_strips:
    ldr     r4, [sp, #TKD_STRIP_BYTES]
    vadd.i32 q5, q2, r4
    TKD_TWO_STRIPS 0, 0
    ldr     r4, [sp, #TKD_NEXT]
    ldr     r6, [sp, #TKD_ACROSS]
    ldr     r8, [sp, #TKD_STOP]
    vadd.i32 q2, q2, r4
    add     r11, r11, r6
    cmp     r11, r8
    bne     .L\name\()_strips
.L\name\()_odd:
    ldr     r4, [sp, #TKD_ODD]
    cmp     r4, #0
    beq     .L\name\()_next
    movw    r4, #0x0f0f
    vmsr    p0, r4
    vmov    q5, q2
    TKD_TWO_STRIPS 1, 4
    ldr     r4, [sp, #TKD_NEXT1]
    vadd.i32 q2, q2, r4
.L\name\()_next:
    ldr     r4, [sp, #TKD_BACK]
    ldr     r6, [sp, #TKD_LAST]
    vadd.i32 q2, q2, r4
    cmp     r1, r6
    bne.w   .L\name\()_channel
    TKD_LEAVE
    .size \name, . - \name
.endm
#endif
