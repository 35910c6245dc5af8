/* SPDX-License-Identifier: Apache-2.0 */
/* Input rows to cells, for Helium. Contract: tk_mve_cells_s8.h.
 *
 * Four vectors of 16 channels are four columns; VST40 to VST43 store them transposed. The two right columns of a strip are the
 * left ones of the next: 13 instructions per strip and row (64 bytes).
 *
 *   r0 pointers to rows   r1 y, running   r2 y of the row   r3 x, running   r4 pixel   r5 strip   r6 pairs of columns inside
 *   r7 bit 0: the first column is padding, bit 1: a column is left after the pairs, bits 2, 3: there is but one, or none   r8 strips besides
 *   r10 rows left   r11 x in a row   q0-q3 columns   q4 zero point   p0 channels
 */
#if defined(__ARM_FEATURE_MVE)
    .syntax unified
    .thumb

#define TKD_X 0 /* struct tk_mve_cells */
#define TKD_PIXEL 8
#define TKD_INSIDE 16
#define TKD_STRIPS 24
#define TKD_ZERO 32

.macro TKD_STORE /* a strip; its right columns become the next one's left */
    vst40.8 {q0, q1, q2, q3}, [r1]
    vst41.8 {q0, q1, q2, q3}, [r1]
    vst42.8 {q0, q1, q2, q3}, [r1]
    vst43.8 {q0, q1, q2, q3}, [r1]
    add     r1, r1, r5
    vmov    q0, q2
    vmov    q1, q3
.endm

    .section .text.tk_mve_cells_s8, "ax", %progbits
    .balign 4
    .global tk_mve_cells_s8
    .type tk_mve_cells_s8, %function
tk_mve_cells_s8:
    push    {r4-r8, r10, r11, lr}
    vpush   {d8, d9}
    mov     r12, r2
    mov     r2, r1
    ldrd    r11, r3, [r12, #TKD_X] /* and channels */
    vctp.8  r3
    ldrd    r4, r7, [r12, #TKD_PIXEL] /* and padded */
    ldrd    r6, r10, [r12, #TKD_INSIDE] /* and rows */
    ldrd    r8, r5, [r12, #TKD_STRIPS] /* and strip */
    ldr     r3, [r12, #TKD_ZERO]
    vdup.8  q4, r3
    subs    r6, r6, #2 /* the first pair of columns: two, or one if the other is padding */
    add     r6, r6, r7
    cmp     r6, #-1
    it      eq /* or one and padding behind it */
    orreq   r7, r7, #4
    it      lt /* or none */
    orrlt   r7, r7, #8
    bic     r6, r6, r6, asr #31
    lsl     r3, r8, #1
    cmp     r6, r3
    it      gt
    movgt   r6, r3
    tst     r6, #1
    it      ne
    orrne   r7, r7, #2
    add     r3, r6, #1
    sub     r8, r8, r3, lsr #1
    lsrs    r6, r6, #1
.Lcells_row:
    ldr     r3, [r0], #4
    mov     r1, r2
    add     r3, r3, r11
    tst     r7, #1
    bne     1f
    tst     r7, #12
    bne     2f
    vpst
    vldrbt.u8 q0, [r3]
    add     r3, r3, r4
    vpst
    vldrbt.u8 q1, [r3]
    b       3f
1:
    vmov    q0, q4
    vpst
    vldrbt.u8 q1, [r3]
    b       3f
2:
    vmov    q0, q4
    vmov    q1, q4
    tst     r7, #8
    bne     3f
    vpst
    vldrbt.u8 q0, [r3]
3:
    add     r3, r3, r4
    wls     lr, r6, 5f
4:
    add     r12, r3, r4
    vpstt
    vldrbt.u8 q2, [r3]
    vldrbt.u8 q3, [r12]
    add     r3, r12, r4
    TKD_STORE
    le      lr, 4b
5:
    tst     r7, #2
    beq     6f
    vpst
    vldrbt.u8 q2, [r3]
    vmov    q3, q4
    TKD_STORE
6:
    wls     lr, r8, 8f
    vmov    q2, q4
    vmov    q3, q4
7:
    TKD_STORE
    le      lr, 7b
8:
    adds    r2, r2, #64
    subs    r10, r10, #1
    bne     .Lcells_row
    vpop    {d8, d9}
    pop     {r4-r8, r10, r11, pc}
    .size tk_mve_cells_s8, . - tk_mve_cells_s8
#endif
