/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_depthwise3_words_s8(const int8_t *taps, uint32_t *w, const tk_depthwise3_codes *codes, int32_t first):
 * see tk_depthwise3_words_s8.h.
 *
 * A channel: 51 instructions, 62 cycles. Halfwords of two taps are shifted as one word; what goes over from the lower to the
 * upper one is cleared.
 *
 *   r0 taps   r1 w   r2 words   r3 biases   r4 word, taps, multiplier   r5 right   r6 start   r7 k   r8 2^k - 1, taps
 *   r10, r11, lr taps   r12 the zero point negated, twice
 *   stack: 0 right of the layer   4 addend   8 end of w */
#include "tk_depthwise3.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro times word                  /* both halves, which are bytes, times 2^k */
    lsl     \word, \word, r7
    bic     \word, \word, r8, lsl #16
.endm

.macro taps even, odd             /* four bytes: what they add to the start, and times 2^k */
    sxtb16  \odd, \even, ror #8
    sxtb16  \even, \even
    smlad   r6, \even, r12, r6
    smlad   r6, \odd, r12, r6
    times   \even
    times   \odd
.endm

    .section .text.tk_depthwise3_words_s8, "ax", %progbits
    .balign 4
    .global tk_depthwise3_words_s8
    .type tk_depthwise3_words_s8, %function
tk_depthwise3_words_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #16
    ldr     r4, [r2, #20]         /* shift, zero_point, addend, words, low */
    ldrd    r5, r6, [r2, #28]
    ldr     r7, [r2, #8]
    ldr     r2, [r2]
    rsb     r4, r4, #0
    rsb     r5, r5, #0
    pkhbt   r12, r5, r5, lsl #16
    strd    r4, r6, [sp]
    add     r2, r2, r3, lsl #2
    add     r3, r7, r3, lsl #1
    add     r4, r1, #(16 * TK_DEPTHWISE3_WORDS)
    str     r4, [sp, #8]
1:
    ldr     r4, [r2]
    ldrsh   r6, [r3], #2
    ldr     r5, [sp]
    and     r7, r4, #3
    sub     r5, r5, r7
    rsb     r7, r5, #(TK_DEPTHWISE_FINE + 1)
    mov     r8, #1
    lsl     r8, r8, r7
    sub     r8, r8, #1
    ldr     r10, [r0]             /* taps 0, 3, 1, 4 */
    ldr     r4, [r0, #4]          /* 6, 7, 2, 5 */
    taps    r10, r11
    taps    r4, lr
    pkhtb   r8, r4, r10, asr #16
    strd    r10, r8, [r1], #8
    pkhtb   r8, lr, r11, asr #16
    strd    r11, r8, [r1], #8
    ldrsb   r10, [r0, #8]
    ldr     r11, [r2], #4
    smlabb  r6, r10, r12, r6
    lsl     r10, r10, r7
    pkhbt   r4, r4, lr, lsl #16
    pkhbt   lr, lr, r10, lsl #16
    strd    r4, lr, [r1], #8
    lsl     r6, r6, r7
    lsr     r4, r11, #2
    orr     r4, r4, #0x40000000
    mov     r10, #512
    lsr     r10, r10, r5
    ldr     r11, [sp, #4]
    add     r10, r10, r11
    strd    r6, r4, [r1], #8
    str     r10, [r1], #4
    ldr     r11, [sp, #8]
    add     r0, r0, #9
    cmp     r1, r11
    bne     1b
    add     sp, sp, #16
    pop     {r4-r8, r10, r11, pc}
    .size tk_depthwise3_words_s8, . - tk_depthwise3_words_s8
#endif
