/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_gemm_totals_s8(const uint32_t *w, int32_t words, int32_t pairs, uint32_t *totals, int32_t apart):
 * see tk_gemm_totals_s8.h.
 *
 * Bytes are added up in halfwords, two sums a channel, for at most 135 words: 135 * 128 is inside of int16. Then both go into one
 * of 32 bits. Eight words, 32 weights: 22 instructions, 31 cycles.
 *
 *   r0 w   r1 words   r2 pairs left   r3 totals   r4-r7 four words   r8 words left   r10, r11 halfword sums of c and d
 *   r12, lr totals of c and d */
#include "tk_gemm_s8.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro more word
    sxtab16 r10, r10, \word
    sxtab16 r11, r11, \word, ror #8
.endm

.macro gather
    mov     r4, #0x00010001
    smlad   r12, r10, r4, r12
    smlad   lr, r11, r4, lr
.endm

    .section .text.tk_gemm_totals_s8, "ax", %progbits
    .balign 4
    .global tk_gemm_totals_s8
    .type tk_gemm_totals_s8, %function
tk_gemm_totals_s8:
    push    {r4-r8, r10, r11, lr}
1:                                /* two channels */
    mov     r12, #0
    mov     lr, #0
    mov     r10, #0
    mov     r11, #0
    ands    r8, r1, #7
    beq     3f
2:
    ldr     r4, [r0], #4
    more    r4
    subs    r8, r8, #1
    bne     2b
3:
    bics    r8, r1, #7
    beq     5f
4:
.rept 2
    ldmia   r0!, {r4-r7}
    more    r4
    more    r5
    more    r6
    more    r7
.endr
    subs    r8, r8, #8
    beq     5f
    tst     r8, #120
    bne     4b
    gather
    mov     r10, #0
    mov     r11, #0
    b       4b
5:
    gather
    ldr     r4, [sp, #32]         /* apart */
    strd    r12, lr, [r3]
    add     r3, r3, r4, lsl #2
    subs    r2, r2, #1
    bne     1b
    pop     {r4-r8, r10, r11, pc}
    .size tk_gemm_totals_s8, . - tk_gemm_totals_s8
#endif
